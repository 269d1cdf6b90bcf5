/** A real HTTP agent on loopback that speaks as OpenAI's chat completions do, and says what a test tells it to. */

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** What is streamed: texts, and promises that are waited for between them; or a refusal. */
export type Script =
  (string | Promise<unknown> | { delta: Record<string, unknown> })[] | { status: number; body: unknown }

export interface Asked {
  prompt: string
  /** Texts of all messages. */
  messages: string[]
}

export class Agent {
  readonly asked: Asked[] = []
  /** Plays for a prompt; by default it says it back. */
  play: (prompt: string) => Script = (prompt) => [`You said: ${prompt}`]
  /** How often a client went before its answer was over. */
  hangUps = 0
  private readonly server: Server = createServer((request, response) => void this.answer(request, response))

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/v1/chat/completions`
  }

  start(): Promise<this> {
    return new Promise((resolve) => this.server.listen(0, '127.0.0.1', () => resolve(this)))
  }

  stop(): void {
    this.server.closeAllConnections()
    this.server.close()
  }

  describe(name: string, more: Record<string, unknown> = {}): Record<string, unknown> {
    return {
      name,
      description: 'Says what it is told',
      url: this.url,
      connector: { responseFormat: '$.choices[0].delta.content' },
      ...more,
    }
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const { messages } = JSON.parse(Buffer.concat(chunks).toString()) as { messages: { content: string }[] }
    const prompt = messages.at(-1)?.content ?? ''
    this.asked.push({ prompt, messages: messages.map(({ content }) => content) })
    const script = this.play(prompt)
    if (!Array.isArray(script)) {
      response.writeHead(script.status, { 'Content-Type': 'application/json' }).end(JSON.stringify(script.body))
      return
    }
    let isGone = false
    response.on('close', () => {
      if (!response.writableFinished) {
        isGone = true
        this.hangUps += 1
      }
    })
    response.writeHead(200, { 'Content-Type': 'text/event-stream' })
    for (const piece of script) {
      if (piece instanceof Promise) await piece
      else if (!isGone)
        response.write(
          `data: ${JSON.stringify({ choices: [{ delta: typeof piece === 'string' ? { content: piece } : piece.delta }] })}\n\n`,
        )
    }
    response.end('data: [DONE]\n\n')
  }
}

/** A promise and what ends it. */
export function gate(): { open: () => void; opened: Promise<void> } {
  let open = (): void => undefined
  const opened = new Promise<void>((resolve) => (open = resolve))
  return { open, opened }
}
