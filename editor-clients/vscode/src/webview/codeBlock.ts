/** A block of code in an answer: coloured once it is whole, with what can be done with it. */

import type { CodeAction } from '../chat/messages.ts'
import { h, icon, type Icon } from './dom.ts'
import { highlight } from './highlight.ts'
import { send } from './host.ts'

/** Above these a block is not coloured, or not shown whole before somebody asks for it. */
const MOST_COLOURED = 50_000
const MOST_SHOWN = 100_000
const LONGEST_LINE = 5_000

const ACTIONS: [CodeAction, Icon, string, string][] = [
  ['copy', 'copy', 'Copy', 'Copy this code'],
  ['insert', 'insert', 'Insert', 'Insert this code at the cursor, or in the place of what is selected'],
  ['diff', 'diff', 'Diff', 'Compare this code with what is selected, or with the file'],
  ['new', 'new', 'New', 'Open this code as a new file'],
]

export class CodeBlock {
  readonly element: HTMLElement
  private readonly code = h('code')
  private readonly language: string
  private readonly more = h('button', { class: 'more', onclick: () => this.showAll() })
  private text = ''
  private isCut = false

  constructor(language: string) {
    this.language = language
    const buttons = ACTIONS.map(([action, name, text, title]) => this.button(action, name, text, title))
    const caption = h('figcaption', {}, h('span', { text: language }), h('span', { class: 'buttons' }, ...buttons))
    const scroller = h('pre', {}, this.code)
    scroller.tabIndex = 0
    this.element = h('figure', { class: 'code fenced' }, caption, scroller)
    this.element.dataset.language = language.toLowerCase()
  }

  append(text: string): void {
    this.text += text
    if (this.isCut) return this.describeRest()
    const last = this.code.lastChild
    if (last instanceof Text) last.appendData(text)
    else this.code.append(text)
    if (isTooLong(this.text)) this.cut()
  }

  /** The block is whole. */
  close(): void {
    if (!this.isCut && this.text.length <= MOST_COLOURED) this.colour()
  }

  /** `isFenced`: false for one that is only indented, or quoted. */
  static whole(text: string, language: string, isFenced = true): CodeBlock {
    const block = new CodeBlock(language)
    block.element.classList.toggle('fenced', isFenced)
    block.append(text)
    block.close()
    return block
  }

  private cut(): void {
    this.isCut = true
    this.code.textContent = beginning(this.text)
    this.element.append(this.more)
    this.describeRest()
  }

  private describeRest(): void {
    const size =
      this.text.length >= 1e6 ? `${(this.text.length / 1e6).toFixed(1)} MB` : `${Math.round(this.text.length / 1e3)} KB`
    this.more.textContent = `Show all (${size})`
  }

  private showAll(): void {
    this.code.textContent = this.text
    this.more.remove()
  }

  private colour(): void {
    const pieces = highlight(this.text, this.language)
    this.code.replaceChildren(...pieces.map(({ text, kind }) => (kind ? h('span', { class: kind, text }) : text)))
  }

  private button(action: CodeAction, name: Icon, text: string, label: string): HTMLButtonElement {
    const onclick = () => {
      const { text: code, language } = this
      send({ type: 'code', action, code, language, ...placeOf(this.element) })
      if (action === 'copy') this.sayCopied(button)
    }
    const button = h('button', { label, onclick }, icon(name), h('span', { text }))
    return button
  }

  private sayCopied(button: HTMLButtonElement): void {
    const text = button.querySelector('span')
    if (!text) return
    text.textContent = 'Copied'
    setTimeout(() => (text.textContent = 'Copy'), 1500)
  }
}

/** Languages whose blocks may hold fences of their own: behind them it is not sure how others count. */
const HOLD_FENCES = ['devin', 'devins', 'diff', 'patch']

/** The turn that the block is in, and which of its fenced blocks it is. */
function placeOf(element: HTMLElement): { turnId: string; block?: number } {
  const turnId = element.closest<HTMLElement>('.turn')?.dataset.id ?? ''
  const fenced = [...(element.closest('.answer')?.querySelectorAll<HTMLElement>('.code.fenced') ?? [])]
  const index = fenced.indexOf(element)
  const isSure = !fenced.slice(0, index + 1).some(({ dataset }) => HOLD_FENCES.includes(dataset.language ?? ''))
  return index >= 0 && isSure ? { turnId, block: index + 1 } : { turnId }
}

function isTooLong(text: string): boolean {
  return text.length > MOST_SHOWN || text.length - text.lastIndexOf('\n') > LONGEST_LINE
}

function beginning(text: string): string {
  const part = text.slice(0, MOST_SHOWN / 4)
  return `${part
    .split('\n')
    .map((line) => line.slice(0, LONGEST_LINE / 5))
    .join('\n')} …`
}
