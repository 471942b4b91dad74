"""The kinds of evidence, one module each; `mtscore.findings.collection` puts their findings in order."""
