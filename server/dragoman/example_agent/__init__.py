"""An HTTP agent to try things with, on loopback: no account, no model, no network, standard library only.

It plays three kinds of agent, one module each: `openai` (chat completions), `coze` (a v3 bot), `chaindesk`
(agent query).
Its answers speak about the prompt and tell how they were read. A bearer token is not needed; a wrong one is refused.
Some phrases in a prompt make it misbehave, so that errors can be tried: see `answers.Wish`.
"""
