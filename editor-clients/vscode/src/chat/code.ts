/** What can be done with a block of code in an answer. Nothing of it happens without a click. */

import * as vscode from 'vscode'
import type { ApplyParams } from '../protocol.ts'
import type { Server } from '../session/session.ts'
import type { Turn } from '../session/turn.ts'
import type { CodeMessage } from './messages.ts'
import { isKnown, workEditor, workPlace } from './workEditor.ts'

const SCHEME = 'dragoman-answer'
const NO_EDITOR = 'Open a file first: the code goes to where its cursor is.'

/** The texts that are compared with files, by the path of their address. */
export class CodeBlocks implements vscode.TextDocumentContentProvider, vscode.Disposable {
  private readonly texts = new Map<string, string>()
  private readonly registration = vscode.workspace.registerTextDocumentContentProvider(SCHEME, this)
  private readonly server: Server
  private count = 0

  constructor(server: Server) {
    this.server = server
  }

  async act({ action, code, language, block }: CodeMessage, turn: Turn | undefined): Promise<void> {
    if (action === 'copy') return vscode.env.clipboard.writeText(code)
    if (action === 'new') return openNew(code, language)
    const editor = workEditor()
    if (!editor) return complain(NO_EDITOR)
    if (turn?.isDone && block !== undefined && isKnown(editor.document))
      return this.apply(action, turn.id, block, editor)
    await (action === 'insert' ? insert(editor, code) : this.compare(editor, code))
  }

  provideTextDocumentContent(uri: vscode.Uri): string {
    return this.texts.get(uri.path) ?? ''
  }

  dispose(): void {
    this.registration.dispose()
  }

  /** Has the server do it, which knows how the text must end, and what was changed meanwhile. */
  private async apply(
    action: 'insert' | 'diff',
    turnId: string,
    block: number,
    editor: vscode.TextEditor,
  ): Promise<void> {
    const { document, selection } = editor
    const target: ApplyParams['target'] = action === 'diff' ? 'diff' : selection.isEmpty ? 'insert' : 'replaceSelection'
    const { uri, version } = document
    const textDocument = { uri: uri.toString(), version }
    await this.server.request('dragoman/apply', { turnId, block, target, ...workPlace(), textDocument })
    if (action === 'insert') await vscode.window.showTextDocument(document)
  }

  /** Shows what the file would be with the code in the place of the selection, or of all where nothing is selected. */
  private async compare(editor: vscode.TextEditor, code: string): Promise<void> {
    const { document, selection } = editor
    const name = document.uri.path.split('/').at(-1) ?? ''
    const proposal = vscode.Uri.from({ scheme: SCHEME, path: `/${(this.count += 1)}/${name}` })
    this.texts.set(proposal.path, selection.isEmpty ? code : replaced(document, selection, code))
    await vscode.commands.executeCommand('vscode.diff', document.uri, proposal, `${name} ↔ answer`)
  }
}

function replaced(document: vscode.TextDocument, selection: vscode.Selection, code: string): string {
  const text = document.getText()
  const whole = selection.end.character === 0 && !code.endsWith('\n') ? `${code}\n` : code
  return text.slice(0, document.offsetAt(selection.start)) + whole + text.slice(document.offsetAt(selection.end))
}

async function insert(editor: vscode.TextEditor, code: string): Promise<void> {
  const isDone = await editor.edit((edit) => edit.replace(editor.selection, code))
  if (!isDone) return complain('The code was not inserted: the file cannot be changed, or was changed meanwhile.')
  await vscode.window.showTextDocument(editor.document, editor.viewColumn)
}

async function openNew(code: string, language: string): Promise<void> {
  const known = await vscode.languages.getLanguages()
  const id = ALIASES[language] ?? language
  const document = await vscode.workspace.openTextDocument({
    content: code,
    ...(known.includes(id) && { language: id }),
  })
  await vscode.window.showTextDocument(document)
}

/** How Markdown calls languages that VS Code calls otherwise. */
const ALIASES: Record<string, string> = {
  bash: 'shellscript',
  sh: 'shellscript',
  shell: 'shellscript',
  js: 'javascript',
  jsx: 'javascriptreact',
  ts: 'typescript',
  tsx: 'typescriptreact',
  py: 'python',
  'c++': 'cpp',
  'c#': 'csharp',
  rs: 'rust',
  yml: 'yaml',
}

function complain(message: string): void {
  void vscode.window.showWarningMessage(message)
}
