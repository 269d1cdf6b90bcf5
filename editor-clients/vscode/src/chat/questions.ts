/** What the server wants of the user: a card in the chat view where there are options to choose from, else a line to write. */

import * as vscode from 'vscode'
import type { AskParams, AskResult } from '../protocol.ts'
import type { Question } from './messages.ts'

export class Questions {
  private readonly open = new Map<number, { question: Question; resolve: (answer: AskResult) => void }>()
  private readonly onChange: () => void
  private count = 0

  constructor(onChange: () => void) {
    this.onChange = onChange
  }

  get all(): Question[] {
    return [...this.open.values()].map(({ question }) => question)
  }

  ask(params: AskParams): Promise<AskResult> {
    const lines = params.title.trim().split('\n')
    if (!params.options) return write(lines, params.default)
    return new Promise((resolve) => {
      const question = { id: (this.count += 1), lines, options: params.options ?? [] }
      this.open.set(question.id, { question, resolve })
      this.onChange()
    })
  }

  /** Without a value: not now. */
  answer(id: number, value: string | undefined): void {
    const found = this.open.get(id)
    if (!found) return
    this.open.delete(id)
    found.resolve(value === undefined ? {} : { value })
    this.onChange()
  }

  /** Nobody waits for the answers any more. */
  clear(): void {
    for (const { question } of this.open.values()) this.answer(question.id, undefined)
  }
}

async function write(lines: string[], value: string | undefined): Promise<AskResult> {
  const options = { title: lines[0] ?? '', prompt: lines.slice(1).join(' '), ignoreFocusOut: true }
  const written = await vscode.window.showInputBox({ ...options, ...(value !== undefined && { value }) })
  return written === undefined ? {} : { value: written }
}
