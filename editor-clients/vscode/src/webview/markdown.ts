/** From an agent's Markdown to HTML that does nothing: no HTML of its own, links to http(s) only, no images. */

import MarkdownIt, { type Token } from 'markdown-it'
import { LinkifyIt } from './lean/linkify.ts'

const markdown = new MarkdownIt({ html: false, linkify: true, breaks: false })
markdown.linkify = new LinkifyIt() as unknown as typeof markdown.linkify
markdown.validateLink = (url) => /^https?:\/\//i.test(url.trim())

// A picture would tell its server that it was looked at. So it is a link, which the reader may follow.
markdown.renderer.rules.image = (tokens, index) => {
  const token = tokens[index]
  const { escapeHtml } = markdown.utils
  const address = String(token?.attrGet('src') ?? '')
  return `<a href="${escapeHtml(address)}" title="${escapeHtml(address)}">${escapeHtml(token?.content || address)}</a>`
}

/** What one text needs between its pieces: the addresses of its references. */
export type Environment = Record<string, unknown>

/** A piece of a text that stands by itself: a paragraph, a list, a block of code. */
export interface Block {
  tokens: Token[]
  /** Of its first line in the text. */
  line: number
  /** Whether the next one goes on with the same list. */
  isPart?: boolean
}

const LONG_LIST = 20

/** The blocks of a text from top to bottom. */
export function blocks(text: string, environment: Environment): Block[] {
  const found: Block[] = []
  for (const token of markdown.parse(text, environment)) {
    if (token.level === 0 && token.nesting >= 0 && token.map) found.push({ tokens: [], line: token.map[0] })
    found.at(-1)?.tokens.push(token)
  }
  const last = found.at(-1)
  return last ? [...found.slice(0, -1), ...parts(last)] : found
}

/** A long list falls into what is whole and its last item, which alone will be rendered again as it grows. */
function parts(block: Block): Block[] {
  const [open] = block.tokens
  const items = block.tokens.flatMap((token, index) =>
    token.type === 'list_item_open' && token.level === 1 ? [index] : [],
  )
  const cut = items.at(-1)
  const line = cut === undefined ? undefined : block.tokens[cut]?.map?.[0]
  const close = block.tokens.at(-1)
  if (items.length < LONG_LIST || cut === undefined || line === undefined || !open || !close) return [block]
  const goesOn = Object.assign(Object.create(open) as Token, {
    attrs: open.type === 'ordered_list_open' ? [['start', nextNumber(open, items.length)]] : null,
  })
  return [
    { tokens: [...block.tokens.slice(0, cut), close], line: block.line, isPart: true },
    { tokens: [goesOn, ...block.tokens.slice(cut)], line },
  ]
}

function nextNumber(open: Token, count: number): string {
  return String(Number(open.attrGet('start') ?? 1) + count - 1)
}

export function render(block: Block, environment: Environment): string {
  return markdown.renderer.render(block.tokens, markdown.options, environment)
}

const ANSI = /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)?|[@-Z\\^_])/g
const CONTROLS = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/g
/** Those that turn the order of what follows around, by which code can look as what it is not. */
const TURNING = /[\u202a-\u202e\u2066-\u2069]/g

/** Without the codes of terminals; signs that turn text around are shown as what they are. Keeps lines as they are. */
export function clean(text: string): string {
  return text
    .replace(ANSI, '')
    .replace(CONTROLS, '')
    .replace(TURNING, (sign) => `⟨U+${sign.charCodeAt(0).toString(16).toUpperCase()}⟩`)
}
