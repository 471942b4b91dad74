"""What is said twice: loops, doubled words, echoes.

May import what `findings` may, and no other folder of it.
"""
