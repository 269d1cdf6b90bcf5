/** What is sent along with a prompt: chips that move with the text that they stand for until they are sent. */

import * as vscode from 'vscode'
import type { ContextItem, Range } from '../protocol.ts'
import type { Attachment } from '../session/session.ts'
import type { Offers } from './messages.ts'
import { type Change, moved } from './moving.ts'
import { isKnown, workEditor } from './workEditor.ts'

interface Chip {
  document: vscode.TextDocument
  /** Absent: the whole file. */
  range: Range | undefined
}

export class Attachments implements vscode.Disposable {
  private chips: Chip[] = []
  private readonly following: vscode.Disposable

  constructor(onChange: () => void) {
    this.following = vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
      const touched = this.chips.filter((chip) => chip.document === document && chip.range !== undefined)
      for (const chip of touched) chip.range = contentChanges.map(toChange).reduce(moved, chip.range as Range)
      if (touched.length > 0 && contentChanges.length > 0) onChange()
    })
  }

  get labels(): string[] {
    return this.chips.map(({ document, range }) => labelOf(document, range))
  }

  /** Adds what is selected, or the whole file, of the editor that the user works in; the same thing once only. */
  add(what: 'selection' | 'file'): boolean {
    const editor = workEditor()
    if (!editor || (what === 'selection' && editor.selection.isEmpty)) return false
    const chip = { document: editor.document, range: what === 'selection' ? plain(editor.selection) : undefined }
    if (!this.labels.includes(labelOf(chip.document, chip.range))) this.chips.push(chip)
    return true
  }

  addRange(document: vscode.TextDocument, range: Range): void {
    this.chips.push({ document, range })
  }

  remove(index: number): void {
    this.chips.splice(index, 1)
  }

  /** Gives what is to be sent, and forgets it. */
  take(): Attachment[] {
    const taken = this.peek()
    this.chips = []
    return taken
  }

  peek(): Attachment[] {
    return this.chips.map(({ document, range }) => attachment(document, range))
  }

  dispose(): void {
    this.following.dispose()
  }
}

/** A piece of a document. One that the server does not know goes as plain text. */
export function attachment(document: vscode.TextDocument, range: Range | undefined): Attachment {
  const uri = document.uri.toString()
  const whole = document.validateRange(new vscode.Range(0, 0, document.lineCount, 0))
  return {
    label: labelOf(document, range),
    location: { uri, range: range ?? plain(whole) },
    item: itemOf(document, range),
  }
}

/** What could be added now. */
export function currentOffers(): Offers {
  const editor = workEditor()
  if (!editor) return {}
  const { document, selection } = editor
  return {
    file: labelOf(document, undefined),
    ...(!selection.isEmpty && { selection: labelOf(document, plain(selection)) }),
  }
}

function itemOf(document: vscode.TextDocument, range: Range | undefined): ContextItem {
  const uri = document.uri.toString()
  if (!isKnown(document)) {
    const text = document.getText(range && toVscode(range))
    return { kind: 'text', text, label: labelOf(document, range), languageId: document.languageId }
  }
  return range ? { kind: 'selection', textDocument: { uri }, range } : { kind: 'file', uri }
}

/** `app.py`, `app.py 10`, `app.py 10–24`. */
function labelOf(document: vscode.TextDocument, range: Range | undefined): string {
  const name = document.uri.path.split('/').at(-1) || 'untitled'
  if (!range) return name
  const [first, last] = [range.start.line + 1, range.end.line + 1]
  return first === last ? `${name} ${first}` : `${name} ${first}–${last}`
}

export function toVscode({ start, end }: Range): vscode.Range {
  return new vscode.Range(start.line, start.character, end.line, end.character)
}

export function plain({ start, end }: vscode.Range): Range {
  return { start: { line: start.line, character: start.character }, end: { line: end.line, character: end.character } }
}

export function toChange({ range, text }: vscode.TextDocumentContentChangeEvent): Change {
  return { range: plain(range), text }
}
