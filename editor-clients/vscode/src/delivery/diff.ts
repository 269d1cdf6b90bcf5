/**
 * Answers beside what stands in a document: a diff grows with the answer until the user accepts or rejects it. Nothing is
 * written here: what is accepted, the server puts in place, if what stands there is still what was shown.
 */

import * as vscode from 'vscode'
import { toChange, toVscode } from '../chat/attachments.ts'
import { moved } from '../chat/moving.ts'
import type { Range, Show, ShowResult } from '../protocol.ts'
import { closeTabs, onTabsClosed } from './diffTabs.ts'

export const SCHEME = 'dragoman-proposal'

interface Proposal {
  readonly uri: vscode.Uri
  readonly agent: string
  readonly document: vscode.TextDocument
  /** Follows what the user types around it. */
  range: Range
  text: string
  isOpen: boolean
  /** Answers the server; absent while the answer grows. */
  decide?: (isAccepted: boolean) => void
}

export class Diffs implements vscode.TextDocumentContentProvider, vscode.CodeLensProvider, vscode.Disposable {
  private readonly proposals = new Map<string, Proposal>()
  private readonly changed = new vscode.EventEmitter<vscode.Uri>()
  readonly onDidChange = this.changed.event
  private readonly lensesChanged = new vscode.EventEmitter<void>()
  readonly onDidChangeCodeLenses = this.lensesChanged.event
  private readonly disposables = [
    vscode.workspace.registerTextDocumentContentProvider(SCHEME, this),
    vscode.languages.registerCodeLensProvider([{ scheme: 'file' }, { scheme: 'untitled' }, { scheme: SCHEME }], this),
    vscode.workspace.onDidChangeTextDocument((change) => this.follow(change)),
    onTabsClosed(SCHEME, (uri) => this.closed(uri)),
  ]

  constructor() {
    void closeTabs((uri) => uri.scheme === SCHEME) // of the last session: nobody waits for them any more
  }

  /** Shows the diff as it is now. Of a whole answer, resolves when the user has decided. */
  async show(params: Show<'diff'>): Promise<ShowResult> {
    const { textDocument, range, text, state } = params
    const document = openDocument(textDocument.uri)
    if (!document) return { shown: false }
    const uri = vscode.Uri.from({ scheme: SCHEME, path: `/${params.turnId}/${nameOf(document)}` })
    const known = this.proposals.get(uri.path)
    const proposal = known ?? { uri, agent: params.agent, document, range, text, isOpen: false }
    if (state === 'withdrawn') return this.drop(proposal)
    this.proposals.set(uri.path, proposal)
    if (textDocument.version === document.version) proposal.range = range
    proposal.text = text
    this.changed.fire(uri)
    if (!proposal.isOpen && (!known || state === 'complete')) await open(proposal)
    return state === 'complete' ? this.decided(proposal) : { shown: proposal.isOpen }
  }

  /** What the user has decided of a diff: of this one, else of the one in front. */
  decide(isAccepted: boolean, uri = frontUri()): void {
    this.proposals.get(uri?.path ?? '')?.decide?.(isAccepted)
  }

  /** The server is gone: nobody would put in place what is accepted. */
  clear(): void {
    for (const proposal of this.proposals.values()) void this.drop(proposal)
  }

  provideTextDocumentContent(uri: vscode.Uri): string {
    const proposal = this.proposals.get(uri.path)
    if (!proposal) return ''
    const { document, range, text } = proposal
    const whole = document.getText()
    const { start, end } = toVscode(range)
    return whole.slice(0, document.offsetAt(start)) + text + whole.slice(document.offsetAt(end))
  }

  provideCodeLenses({ uri }: vscode.TextDocument): vscode.CodeLens[] {
    const isAsked = (each: Proposal) =>
      each.decide && [each.uri, each.document.uri].some((one) => `${one}` === `${uri}`)
    return [...this.proposals.values()].filter(isAsked).flatMap((proposal) => {
      const { start } = toVscode(proposal.range)
      const lens = (title: string, command: string) =>
        new vscode.CodeLens(new vscode.Range(start, start), { title, command, arguments: [proposal.uri] })
      return [
        lens(`$(check) Accept the answer of ${proposal.agent}`, 'dragoman.acceptAnswer'),
        lens('$(close) Reject', 'dragoman.rejectAnswer'),
      ]
    })
  }

  dispose(): void {
    for (const disposable of this.disposables) disposable.dispose()
  }

  private async decided(proposal: Proposal): Promise<ShowResult> {
    proposal.decide?.(false) // an older question about the same
    const isAccepted = await new Promise<boolean>((resolve) => {
      proposal.decide = resolve
      this.tellWhichWait()
    })
    await this.drop(proposal)
    return { shown: true, accepted: isAccepted }
  }

  private async drop(proposal: Proposal): Promise<ShowResult> {
    proposal.decide?.(false)
    this.proposals.delete(proposal.uri.path)
    this.tellWhichWait()
    await closeTabs((uri) => uri.toString() === proposal.uri.toString())
    return { shown: true }
  }

  /** For the buttons above diffs, and in the documents. */
  private tellWhichWait(): void {
    const paths = [...this.proposals.values()].filter(({ decide }) => decide).map(({ uri }) => uri.path)
    void vscode.commands.executeCommand('setContext', 'dragoman.decidable', paths)
    this.lensesChanged.fire()
  }

  private follow({ document, contentChanges }: vscode.TextDocumentChangeEvent): void {
    for (const proposal of this.proposals.values()) {
      if (proposal.document !== document) continue
      proposal.range = contentChanges.map(toChange).reduce(moved, proposal.range)
      this.changed.fire(proposal.uri)
    }
  }

  /** Closing it is no consent. While the answer grows, the diff comes back when there is something to decide. */
  private closed(uri: vscode.Uri): void {
    const proposal = this.proposals.get(uri.path)
    if (!proposal) return
    proposal.isOpen = false
    proposal.decide?.(false)
  }
}

async function open(proposal: Proposal): Promise<void> {
  proposal.isOpen = true
  const { document, uri, agent, range } = proposal
  const options = { preview: false, preserveFocus: true, selection: toVscode({ start: range.start, end: range.start }) }
  const title = `${nameOf(document)} ↔ ${agent}`
  await vscode.commands.executeCommand('vscode.diff', document.uri, uri, title, options)
}

function openDocument(uri: string): vscode.TextDocument | undefined {
  const wanted = vscode.Uri.parse(uri).toString()
  return vscode.workspace.textDocuments.find((document) => document.uri.toString() === wanted)
}

function nameOf(document: vscode.TextDocument): string {
  return document.uri.path.split('/').at(-1) ?? ''
}

function frontUri(): vscode.Uri | undefined {
  const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input
  return input instanceof vscode.TabInputTextDiff ? input.modified : undefined
}
