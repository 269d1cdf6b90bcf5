/** An answer's Markdown as it grows. Blocks that are whole stay as they are; only the last one is rendered again. */

import { CodeBlock } from './codeBlock.ts'
import { h } from './dom.ts'
import { type Block, blocks, clean, type Environment, render } from './markdown.ts'

const LINE_END = /\r\n?|\n/g
const FENCE = /^( {0,3})(`{3,}|~{3,})/

/** A block of code that is still open: what comes is put behind it, and nothing is rendered. */
interface OpenFence {
  code: CodeBlock
  closing: RegExp
  /** Up to where the source is in the block. */
  end: number
}

export class Answer {
  readonly element = h('div', { class: 'answer' })
  private open = h('div', { class: 'block' })
  private source = ''
  private sealed = 0
  private fence: OpenFence | undefined
  private environment: Environment = {}

  constructor() {
    this.element.append(this.open)
  }

  get text(): string {
    return this.source
  }

  /** Adds text; it is seen after `paint`. */
  append(text: string): void {
    this.source += text
  }

  replace(text: string): void {
    if (text.startsWith(this.source)) return this.append(text.slice(this.source.length))
    this.source = text
    this.sealed = 0
    this.fence = undefined
    this.environment = {}
    this.open = h('div', { class: 'block' })
    this.element.replaceChildren(this.open)
  }

  /** Brings what is seen up to date. `isDone`: there will be no more. */
  paint(isDone: boolean): void {
    if (this.fence && this.growFence(this.fence) && !isDone) return
    const tail = this.source.slice(this.sealed)
    const found = blocks(clean(tail), this.environment)
    const last = found.at(-1)
    if (!last) return
    for (const block of found.slice(0, -1)) this.element.insertBefore(this.rendered(block), this.open)
    this.sealed += lineStart(tail, last.line)
    this.fence = isDone ? undefined : this.openFence(last)
    if (!this.fence) this.open.replaceChildren(...this.rendered(last).childNodes)
  }

  private rendered(block: Block): HTMLElement {
    const [token] = block.tokens
    const element = h('div', { class: 'block' })
    if (token?.type === 'fence' || token?.type === 'code_block') {
      const isFenced = token.type === 'fence'
      element.append(CodeBlock.whole(token.content.replace(/\n$/, ''), languageOf(token.info), isFenced).element)
      return element
    }
    element.classList.toggle('part', block.isPart === true)
    element.innerHTML = render(block, this.environment)
    const codes = block.tokens.filter(({ type }) => type === 'fence' || type === 'code_block')
    for (const [index, pre] of element.querySelectorAll('pre').entries())
      replaceCode(pre, codes[index]?.type === 'fence' && !pre.closest('blockquote'))
    for (const table of element.querySelectorAll('table')) wrap(table)
    return element
  }

  private openFence(block: Block): OpenFence | undefined {
    const [token] = block.tokens
    const opening = FENCE.exec(token?.markup ?? '')?.[2]
    const start = this.source.slice(this.sealed)
    const firstLine = lineStart(start, 1)
    if (token?.type !== 'fence' || !opening || firstLine === 0 || !FENCE.test(start)) return undefined
    const closing = new RegExp(`^ {0,3}${opening[0]}{${opening.length},}[ \\t]*$`)
    if (
      start
        .slice(firstLine)
        .split(LINE_END)
        .some((line) => closing.test(line))
    )
      return undefined
    const fence = { code: new CodeBlock(languageOf(token.info)), closing, end: this.sealed + firstLine }
    this.open.replaceChildren(fence.code.element)
    this.growFence(fence)
    return fence
  }

  /** Puts whole lines, and the last one as far as it cannot be the closing fence, into the block. False: it is closed. */
  private growFence(fence: OpenFence): boolean {
    const fresh = this.source.slice(fence.end)
    const lines = fresh.split(LINE_END)
    if (lines.some((line) => fence.closing.test(line))) return false
    const last = lines.at(-1) ?? ''
    const isHeldBack = /^ {0,3}[`~]*$/.test(last) || last.endsWith('\u001b')
    const isHalfLineEnd = fresh.endsWith('\r')
    const taken = fresh.slice(0, fresh.length - (isHeldBack ? last.length : 0) - (isHalfLineEnd ? 1 : 0))
    fence.code.append(clean(taken).replace(LINE_END, '\n'))
    fence.end += taken.length
    return true
  }
}

function replaceCode(pre: HTMLPreElement, isFenced: boolean): void {
  const code = pre.querySelector('code')
  const language = /language-(\S+)/.exec(code?.className ?? '')?.[1] ?? ''
  pre.replaceWith(CodeBlock.whole((code?.textContent ?? '').replace(/\n$/, ''), language, isFenced).element)
}

/** A wide table scrolls by itself. */
function wrap(table: HTMLTableElement): void {
  const scroller = h('div', { class: 'table' })
  scroller.tabIndex = 0
  table.replaceWith(scroller)
  scroller.append(table)
}

function languageOf(info: string): string {
  return info.trim().split(/\s+/, 1)[0] ?? ''
}

/** Where a line begins; 0 where there is none. */
function lineStart(text: string, line: number): number {
  if (line === 0) return 0
  let count = 0
  for (const match of text.matchAll(LINE_END)) {
    if ((count += 1) === line) return match.index + match[0].length
  }
  return 0
}
