"""The kinds of evidence, one module each; `mtscore.evidence` puts their findings in order."""
