"""A folder that is watched: which files are complete, what was done already, and the loop that scores them.

Imports the scorer, the readers of files and the page; whoever watches says where results and messages go.
"""
