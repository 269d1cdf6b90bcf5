/** The agents that the server knows, in words. */

import type { AgentCard } from '../chat/messages.ts'
import type { AgentInfo } from '../protocol.ts'

/** Why an agent cannot be asked. */
export function obstacle(agent: AgentInfo): string | undefined {
  if (agent.state === 'error') return oneLine(agent.problems[0] ?? 'its description has errors.')
  return agent.enabled ? undefined : 'it is switched off ("enabled": false).'
}

/** Those that can be asked come first. */
export function cards(agents: readonly AgentInfo[]): AgentCard[] {
  const all = agents.map(card)
  return [...all.filter((each) => each.obstacle === undefined), ...all.filter((each) => each.obstacle !== undefined)]
}

function card(agent: AgentInfo): AgentCard {
  const reason = obstacle(agent)
  return {
    name: oneLine(agent.name),
    description: oneLine(agent.description || agent.url),
    provider: agent.provider,
    state: reason === undefined ? agent.state : 'error',
    ...(reason !== undefined && { obstacle: reason }),
  }
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim()
}
