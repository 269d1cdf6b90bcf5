/** Where a range of a text lies after the text was changed. */

import type { Position, Range } from '../protocol.ts'

export interface Change {
  range: Range
  text: string
}

/** What is written at an edge of the range does not belong to it; what is written inside does. */
export function moved(range: Range, change: Change): Range {
  const start = movedPosition(range.start, change, true)
  const end = movedPosition(range.end, change, false)
  return { start, end: isBefore(end, start) ? start : end }
}

function movedPosition(position: Position, { range, text }: Change, isStart: boolean): Position {
  if (isBefore(position, range.start)) return position
  if (!isStart && !isBefore(range.start, position)) return position
  const lines = text.split('\n')
  const inserted = {
    line: range.start.line + lines.length - 1,
    character: (lines.at(-1) ?? '').length + (lines.length === 1 ? range.start.character : 0),
  }
  if (isBefore(position, range.end)) return isStart ? inserted : { ...range.start }
  const isSameLine = position.line === range.end.line
  return {
    line: position.line - range.end.line + inserted.line,
    character: isSameLine ? position.character - range.end.character + inserted.character : position.character,
  }
}

function isBefore(a: Position, b: Position): boolean {
  return a.line < b.line || (a.line === b.line && a.character < b.character)
}
