"""What translation pipelines leave in the raw text: marks, spaces and numbers in odd places.

May import what `findings` may, and no other folder of it.
"""
