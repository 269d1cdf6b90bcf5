"""DevIns: an agent's answer as a script. Nothing in here runs, writes or applies anything.

script.py    the commands in an answer: what to write, what to patch, what is not run
patch.py     a unified diff, read as agents write them
apply.py     a patch of one file on its text: exactly, or not at all
paths.py     where a path of an agent may lead
changes.py   all of it together: the files as they would be, to be reviewed
"""
