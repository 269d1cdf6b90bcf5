"""What an editor is told of completion and code actions at the start; what answers them is imported later."""

from __future__ import annotations

from lsprotocol import types

from dragoman.features.code_action import fix_all

TRIGGERS = ('"', ":", "$", "{", ".", "[")
"""Characters that ask for completion: in agent files, the beginnings of strings, placeholders and steps of a path."""

CHAT_TRIGGERS = ("@", "#", "/")
"""Characters that ask for completion in chat documents; elsewhere they mean nothing."""

ACTION_KINDS = (types.CodeActionKind.QuickFix, types.CodeActionKind.RefactorRewrite, fix_all.KIND)
"""Those by which a client can ask for some code actions alone; all others have no kind."""
