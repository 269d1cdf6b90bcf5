/** The editor that the user works in: a page of ours that is a tab takes its place only to look at. */

import * as vscode from 'vscode'
import type { Place } from '../protocol.ts'

/** The schemes whose documents the server knows. */
const KNOWN_SCHEMES = ['file', 'untitled']

let last: vscode.TextEditor | undefined

/** Remembers which editor was used last. */
export function followWorkEditor(): vscode.Disposable {
  last = vscode.window.activeTextEditor
  return vscode.window.onDidChangeActiveTextEditor((editor) => (last = editor ?? last))
}

/** The editor that has or had the focus, where that shows a text of the user's. */
export function workEditor(): vscode.TextEditor | undefined {
  const { activeTextEditor, visibleTextEditors } = vscode.window
  const editor = activeTextEditor ?? visibleTextEditors.find((each) => each === last)
  return editor && editor.document.uri.scheme !== 'output' ? editor : undefined
}

export function isKnown(document: vscode.TextDocument): boolean {
  return KNOWN_SCHEMES.includes(document.uri.scheme)
}

/** Where the user is, for the server. */
export function workPlace(): Place {
  const editor = workEditor()
  if (!editor || !isKnown(editor.document)) return {}
  const { document, selection } = editor
  return {
    textDocument: { uri: document.uri.toString() },
    position: selection.active,
    ...(!selection.isEmpty && { range: { start: selection.start, end: selection.end } }),
  }
}
