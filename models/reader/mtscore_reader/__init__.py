"""The reader of mtscore: what a small language model, taught on machine translations, sees in English text.

    from mtscore_reader import Reader

    reading = Reader.load().read("The town hired the hostilities.")

Depends on ONNX Runtime, tokenizers and numpy, opens no connection and runs no code from its files.
"""

from mtscore_reader.files import ReaderError, verified
from mtscore_reader.reader import Reader, Reading, Sentence, Token, Window

__all__ = ["Reader", "ReaderError", "Reading", "Sentence", "Token", "Window", "verified"]
