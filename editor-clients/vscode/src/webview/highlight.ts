/** Colours for code in any language: comments, strings, numbers and words that most languages keep for themselves. */

const WORDS = new Set(
  (
    'abstract and as async await begin bool boolean break case catch chan char class const continue def default defer del do double ' +
    'elif else elsif end enum except export extends extern false False final finally float fn for foreach from func function global go goto ' +
    'if impl implements import in include inline instanceof int interface internal is lambda let local long loop match mod module mut ' +
    'namespace new nil None nonlocal not null nullptr of operator or override package pass private protected pub public raise ' +
    'readonly ref register rescue return self short signed sizeof static string struct super switch template then this throw throws trait ' +
    'true True try type typedef typeof undefined union unless unsafe unsigned until use using val var virtual void volatile when where ' +
    'while with yield select SELECT FROM WHERE INSERT UPDATE DELETE CREATE TABLE JOIN ORDER GROUP BY AND OR NOT NULL'
  ).split(' '),
)

const HASH_COMMENTS =
  /^(?:py|python|rb|ruby|sh|bash|shell|zsh|yaml|yml|toml|r|perl|pl|make|makefile|dockerfile|ini|conf|powershell|ps1|elixir)$/
const DASH_COMMENTS = /^(?:sql|lua|haskell|hs|elm|ada)$/
const PLAIN = /^(?:|text|txt|plain|plaintext|diff|patch|markdown|md|console|log|output)$/

const STRING = '"""[\\s\\S]*?(?:"""|$)|"(?:[^"\\\\\\n]|\\\\.)*"?|\'(?:[^\'\\\\\\n]|\\\\.)*\'?|`(?:[^`\\\\]|\\\\.)*`?'
const NUMBER = '\\b(?:0[xXbBoO][\\da-fA-F_]+|\\d[\\d_]*(?:\\.\\d+)?(?:[eE][+-]?\\d+)?)\\b'
const WORD = '[A-Za-z_$][\\w$]*'

export type Kind = 'comment' | 'string' | 'number' | 'keyword' | 'call'
export interface Piece {
  text: string
  kind?: Kind
}

/** The code in pieces that put together are the code. */
export function highlight(code: string, language: string): Piece[] {
  if (PLAIN.test(language)) return [{ text: code }]
  const pieces: Piece[] = []
  let end = 0
  for (const match of code.matchAll(new RegExp(pattern(language), 'g'))) {
    const kind = kindOf(match)
    if (kind === undefined) continue
    if (match.index > end) pieces.push({ text: code.slice(end, match.index) })
    pieces.push({ text: match[0], kind })
    end = match.index + match[0].length
  }
  if (end < code.length) pieces.push({ text: code.slice(end) })
  return pieces
}

function kindOf({ groups, input, index, 0: text }: RegExpExecArray): Kind | undefined {
  if (groups?.['comment'] !== undefined) return 'comment'
  if (groups?.['string'] !== undefined) return 'string'
  if (groups?.['number'] !== undefined) return 'number'
  if (WORDS.has(text)) return 'keyword'
  return input[index + text.length] === '(' ? 'call' : undefined
}

function pattern(language: string): string {
  const name = language.toLowerCase()
  const comment = HASH_COMMENTS.test(name)
    ? '(?<![^\\s])#[^\\n]*'
    : DASH_COMMENTS.test(name)
      ? '--[^\\n]*|/\\*[\\s\\S]*?(?:\\*/|$)'
      : '//[^\\n]*|/\\*[\\s\\S]*?(?:\\*/|$)|<!--[\\s\\S]*?(?:-->|$)'
  return `(?<comment>${comment})|(?<string>${STRING})|(?<number>${NUMBER})|${WORD}`
}
