/** What can be done with a block of code in an answer. Nothing of it happens without a click. */

import * as vscode from 'vscode'
import { workEditor } from './attachments.ts'
import type { CodeAction } from './messages.ts'

const SCHEME = 'dragoman-answer'
const NO_EDITOR = 'Open a file first: the code goes to where its cursor is.'

/** The texts that are compared with files, by the path of their address. */
export class CodeBlocks implements vscode.TextDocumentContentProvider, vscode.Disposable {
  private readonly texts = new Map<string, string>()
  private readonly registration = vscode.workspace.registerTextDocumentContentProvider(SCHEME, this)
  private count = 0

  async act(action: CodeAction, code: string, language: string): Promise<void> {
    if (action === 'copy') await vscode.env.clipboard.writeText(code)
    else if (action === 'new') await openNew(code, language)
    else if (action === 'insert') await insert(code)
    else await this.compare(code)
  }

  provideTextDocumentContent(uri: vscode.Uri): string {
    return this.texts.get(uri.path) ?? ''
  }

  dispose(): void {
    this.registration.dispose()
  }

  /** Shows what the file would be with the code in the place of the selection, or of all where nothing is selected. */
  private async compare(code: string): Promise<void> {
    const editor = workEditor()
    if (!editor) return complain(NO_EDITOR)
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

async function insert(code: string): Promise<void> {
  const editor = workEditor()
  if (!editor) return complain(NO_EDITOR)
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
