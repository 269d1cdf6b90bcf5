/** Takes the place of the package `linkify-it`: finds addresses of http(s) that stand in a text without any marks. */

export interface Match {
  schema: string
  index: number
  lastIndex: number
  text: string
  url: string
}

const ADDRESS = /\bhttps?:\/\/[\p{L}\p{N}[][^\s<>"`{}|\\^⟨⟩「」]*/giu
/** What ends a sentence and not an address. */
const TRAILING = /(?:[.,:;!?'*_~]|\.{3}|…)+$/
const BRACKETS = { ')': '(', ']': '[' } as const

export class LinkifyIt {
  test(text: string): boolean {
    return text.search(ADDRESS) >= 0
  }

  match(text: string): Match[] {
    return [...text.matchAll(ADDRESS)].map(({ 0: found, index }) => matched(found, index))
  }

  matchAtStart(text: string): Match | null {
    const [first] = text.matchAll(ADDRESS)
    return first?.index === 0 ? matched(first[0], 0) : null
  }
}

function matched(found: string, index: number): Match {
  const url = withoutTrailing(found)
  return { schema: `${url.split(':', 1)[0]}:`, index, lastIndex: index + url.length, text: url, url }
}

/** `https://x.example/a_(b)).` → `https://x.example/a_(b)`: a bracket that was not opened inside belongs to the sentence. */
function withoutTrailing(text: string): string {
  const trimmed = text.replace(TRAILING, '')
  const last = trimmed.at(-1) as keyof typeof BRACKETS
  const opening = BRACKETS[last]
  if (opening && trimmed.split(last).length > trimmed.split(opening).length)
    return withoutTrailing(trimmed.slice(0, -1))
  return trimmed
}
