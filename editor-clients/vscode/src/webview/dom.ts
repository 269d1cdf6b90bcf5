/** Making elements: never from text as HTML. */

type Child = Node | string | undefined | false

interface Properties {
  class?: string
  title?: string
  /** What it is called by a screen reader, and on hovering. */
  label?: string
  role?: string
  text?: string
  disabled?: boolean
  onclick?: (event: MouseEvent) => void
  [attribute: `aria-${string}` | `data-${string}`]: string
}

export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  properties: Properties = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag)
  for (const [name, value] of Object.entries(properties)) set(element, name, value)
  element.append(...children.filter((child): child is Node | string => child !== undefined && child !== false))
  return element
}

function set(element: HTMLElement, name: string, value: unknown): void {
  if (name === 'onclick') element.addEventListener('click', value as EventListener)
  else if (name === 'text') element.textContent = String(value)
  else if (name === 'disabled') element.toggleAttribute('disabled', value === true)
  else if (name === 'label') {
    element.setAttribute('aria-label', String(value))
    element.title = String(value)
  } else element.setAttribute(name, String(value))
}

/** Strokes on a grid of 16 by 16. */
const ICONS = {
  edit: 'M11 2.5 13.5 5 5.5 13 2.5 13.5 3 10.5Z',
  retry: 'M13 8A5 5 0 1 1 11.5 4.5 M13.5 2V5H10.5',
  copy: 'M5.5 5.5H13.5V13.5H5.5Z M10.5 5.5V2.5H2.5V10.5H5.5',
  insert: 'M2.5 13.5H13.5 M8 2.5V10 M5 7 8 10 11 7',
  diff: 'M8 2.5V7.5 M5.5 5H10.5 M5.5 10.5H10.5 M2.5 13.5H13.5',
  new: 'M9 2.5H3.5V13.5H12.5V6L9 2.5 M9 2.5V6H12.5',
  send: 'M2.5 8H13 M8.5 3.5 13 8 8.5 12.5',
  stop: 'M4 4H12V12H4Z',
  add: 'M8 3V13 M3 8H13',
  close: 'M4 4 12 12 M12 4 4 12',
  down: 'M4 6 8 10 12 6',
  delete: 'M3 4.5H13 M6 4.5V2.5H10V4.5 M4.5 4.5 5 13.5H11L11.5 4.5',
  export: 'M8 10V2.5 M5 5.5 8 2.5 11 5.5 M3 9.5V13.5H13V9.5',
  link: 'M6.5 3.5H3.5V12.5H12.5V9.5 M9 3H13V7 M13 3 7.5 8.5',
} as const
export type Icon = keyof typeof ICONS

export function icon(name: Icon): SVGSVGElement {
  const space = 'http://www.w3.org/2000/svg'
  const svg = document.createElementNS(space, 'svg')
  for (const [key, value] of Object.entries({ viewBox: '0 0 16 16', class: `icon ${name}`, 'aria-hidden': 'true' }))
    svg.setAttribute(key, value)
  const path = document.createElementNS(space, 'path')
  path.setAttribute('d', ICONS[name])
  svg.append(path)
  return svg
}

/** A small button with an icon and no text. */
export function iconButton(name: Icon, label: string, onclick: () => void): HTMLButtonElement {
  return h('button', { class: 'icon-button', label, onclick }, icon(name))
}
