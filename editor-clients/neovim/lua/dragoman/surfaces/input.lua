---A prompt that an agent proposes: in the panel's prompt, to be edited. What is written there stays above it.

local Conversation = require('dragoman.conversation')
local client_module = require('dragoman.client')
local panel = require('dragoman.panel')
local panels = require('dragoman.surfaces.panels')
local prompt = require('dragoman.prompt')

local M = {}

---@param params table
---@param answer dragoman.ShowAnswer
function M.show(params, answer)
  local conversation = Conversation.of_turn(params.turnId)
  if not conversation then
    return answer({ shown = false })
  end
  panel.show(conversation, panels.positions[params.panel])
  prompt.add(params.text)
  client_module.tell(('%s proposes a prompt: edit it and send it.'):format(params.agent))
  answer({ shown = true })
end

return M
