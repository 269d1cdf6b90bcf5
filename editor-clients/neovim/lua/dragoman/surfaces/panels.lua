---The panel, where the answer wants it: as the options say, at the right, at the bottom.

local Conversation = require('dragoman.conversation')
local panel = require('dragoman.panel')

local M = {}

---@type table<string, dragoman.Position>
M.positions = { rightPanel = 'right', runPanel = 'bottom' }

---@param params table
---@param answer dragoman.ShowAnswer
local function show(params, answer)
  local conversation, asked = Conversation.of_turn(params.turnId)
  if not conversation or params.data ~= nil then
    return answer({ shown = false }) -- data without their nulls are others: the server shows them as a file
  end
  local position = M.positions[params.surface]
  if position or not asked.is_ours then -- who has asked in the panel has it before their eyes, or has closed it
    panel.show(conversation, position)
  end
  answer({ shown = true })
end

M.chat, M.right, M.bottom = show, show, show

return M
