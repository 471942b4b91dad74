"""Plain numerics: ragged arrays, hashed n-grams, trees and networks evaluated with numpy.

Imports nothing of mtscore but errors; knows nothing of words, texts or models.
"""
