"""What `chat.delivery.effects` ask for, done by the client: every ability has a fallback, and no answer is lost.

performer.py   the one `match`
occasion.py    the turn that it is about, its place, and how its user is told
panel.py       a text that grows in a panel          insertion.py  … in a document
proposal.py    … as a diff; conflicts.py, where the editor has none
replacing.py   one edit                              new_file.py   a file of the workspace
review.py      the files of a DevIns script; review_edit.py, as an edit; review_files.py, on the disk
"""
