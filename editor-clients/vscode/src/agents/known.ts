/** The agents that the server knows, as it has told last. */

import * as vscode from 'vscode'
import type { AgentInfo } from '../protocol.ts'
import type { Server } from '../session/session.ts'

export class KnownAgents {
  /** Absent until the server has told. */
  all: AgentInfo[] | undefined
  private readonly change = new vscode.EventEmitter<void>()
  readonly onChange = this.change.event
  private readonly server: Server

  constructor(server: Server) {
    this.server = server
  }

  async refresh(): Promise<void> {
    this.all = (await this.server.request('dragoman/agents', {})).agents
    this.change.fire()
  }
}
