"""What the client can do, resolved once from its `initialize` request. Every ability that is missing has a fallback."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, cast

from lsprotocol import types


@dataclass(frozen=True, slots=True)
class Client:
    """One client's abilities. The defaults are those of a client that says nothing."""

    encoding: str = "utf-16"
    snippets: bool = False
    markdown_hover: bool = False
    markdown_completion: bool = False
    lazy_documentation: bool = False
    """It asks for what is said of a proposal once that is looked at (`completionItem/resolve`)."""
    hierarchical_symbols: bool = False
    related_information: bool = False
    code_description: bool = False
    """It shows where a diagnostic's code is explained."""
    pulls_diagnostics: bool = False
    """It asks for diagnostics, and asks again when it is told to: so nothing is published to it unasked."""
    dynamic: frozenset[str] = frozenset()
    """What it can be told of later, and for some documents only: sections of its `textDocument`."""
    most_folds: int | None = None
    link_tooltips: bool = False
    deprecated_tag: bool = False
    code_action_literals: bool = False
    disabled_code_actions: bool = False
    preferred_code_actions: bool = False
    versioned_edits: bool = False
    first_checked_version: int = 0
    """It applies an edit of an earlier version to whatever text there is by now."""
    apply_edit: bool = False
    change_annotations: bool = False
    """It asks its user about edits that need that (`ChangeAnnotation.needsConfirmation`)."""
    file_operations: frozenset[str] = frozenset()
    """What an edit of the workspace may do with files: `create`, `rename`, `delete`."""
    says_of_windows: bool = False
    """One that says nothing of `window` may show no question, and never answer one."""
    show_document: bool = False
    work_done_progress: bool = False
    configuration: bool = False
    dynamic_watching: bool = False
    dragoman: bool = False
    """It knows our extension: it gets `dragoman/agentsChanged`."""
    turn_events: bool = False
    """It takes `dragoman/turn` for turns that it did not start."""
    ask: bool = False
    surfaces: frozenset[str] = frozenset()
    """What it shows by `dragoman/show`."""


def read_client(params: types.InitializeParams, encoding: str) -> Client:
    """The abilities in `params.capabilities`, whatever of it is there."""
    capabilities = params.capabilities
    extension = _extension(capabilities.experimental)
    return Client(
        encoding=encoding,
        snippets=_flag(capabilities, "text_document.completion.completion_item.snippet_support"),
        markdown_hover=_markdown(capabilities, "text_document.hover.content_format"),
        markdown_completion=_markdown(capabilities, "text_document.completion.completion_item.documentation_format"),
        lazy_documentation="documentation"
        in (_at(capabilities, "text_document.completion.completion_item.resolve_support.properties") or ()),
        hierarchical_symbols=_flag(capabilities, "text_document.document_symbol.hierarchical_document_symbol_support"),
        related_information=_flag(capabilities, "text_document.publish_diagnostics.related_information"),
        pulls_diagnostics=_at(capabilities, "text_document.diagnostic") is not None
        and _flag(capabilities, "workspace.diagnostics.refresh_support"),
        dynamic=_dynamic(capabilities.text_document),
        most_folds=_at(capabilities, "text_document.folding_range.range_limit"),
        link_tooltips=_flag(capabilities, "text_document.document_link.tooltip_support"),
        code_description=_flag(capabilities, "text_document.publish_diagnostics.code_description_support"),
        deprecated_tag=types.DiagnosticTag.Deprecated
        in (_at(capabilities, "text_document.publish_diagnostics.tag_support.value_set") or ()),
        code_action_literals=_at(capabilities, "text_document.code_action.code_action_literal_support") is not None,
        disabled_code_actions=_flag(capabilities, "text_document.code_action.disabled_support"),
        preferred_code_actions=_flag(capabilities, "text_document.code_action.is_preferred_support"),
        # Neovim does not say so, but whoever makes files by an edit takes `documentChanges`: only there can that stand.
        versioned_edits=_flag(capabilities, "workspace.workspace_edit.document_changes")
        or bool(_at(capabilities, "workspace.workspace_edit.resource_operations")),
        first_checked_version=_first_checked_version(params, extension),
        apply_edit=_flag(capabilities, "workspace.apply_edit"),
        change_annotations=_at(capabilities, "workspace.workspace_edit.change_annotation_support") is not None,
        file_operations=frozenset(
            str(getattr(kind, "value", kind))
            for kind in _at(capabilities, "workspace.workspace_edit.resource_operations") or ()
        ),
        says_of_windows=capabilities.window is not None,
        show_document=_flag(capabilities, "window.show_document.support"),
        work_done_progress=_flag(capabilities, "window.work_done_progress"),
        configuration=_flag(capabilities, "workspace.configuration"),
        dynamic_watching=_flag(capabilities, "workspace.did_change_watched_files.dynamic_registration"),
        dragoman=extension is not None,
        turn_events=extension is not None and extension.get("turnEvents") is True,
        ask=extension is not None and extension.get("ask") is True,
        surfaces=_names(extension.get("surfaces")) if extension is not None else frozenset(),
    )


def _first_checked_version(params: types.InitializeParams, extension: Mapping[str, Any] | None) -> int:
    """Neovim does not check 0, with which it opens documents. Their next version is 2 or more, so 1 stands for 0 there.

    Our own client in Neovim checks every version for itself.
    """
    is_neovim = params.client_info is not None and params.client_info.name == "Neovim"
    return 1 if is_neovim and extension is None else 0


def _extension(experimental: object) -> Mapping[str, Any] | None:
    if not isinstance(experimental, Mapping):
        return None
    extension = cast("Mapping[str, Any]", experimental).get("dragoman")
    return cast("Mapping[str, Any]", extension) if isinstance(extension, Mapping) else None


def _names(value: object) -> frozenset[str]:
    entries = cast("list[object]", value) if isinstance(value, list) else []
    return frozenset(entry for entry in entries if isinstance(entry, str))


def _at(capabilities: object, path: str) -> Any:
    found = capabilities
    for step in path.split("."):
        found = getattr(found, step, None)
    return found


def _dynamic(sections: types.TextDocumentClientCapabilities | None) -> frozenset[str]:
    names: Iterable[str] = types.TextDocumentClientCapabilities.__annotations__
    return frozenset(name for name in names if _flag(sections, f"{name}.dynamic_registration"))


def _flag(capabilities: object, path: str) -> bool:
    return _at(capabilities, path) is True


def _markdown(capabilities: object, path: str) -> bool:
    return types.MarkupKind.Markdown in (_at(capabilities, path) or ())
