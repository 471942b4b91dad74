"""One module for each format: an open stream in, its records out.

A record that cannot be used says why and costs no other record anything.
"""
