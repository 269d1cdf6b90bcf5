---A conversation: a transcript buffer, the server's id for it, and the turn that runs in it, if any.

local Turn = require('dragoman.turn')
local keymaps = require('dragoman.keymaps')
local text = require('dragoman.text')
local transcript = require('dragoman.transcript')

---@class dragoman.Question
---@field prompt string
---@field context string[] What was sent along, in words.

---@class dragoman.Conversation
---@field buf integer
---@field id? string The server's; nil before the first turn.
---@field client_id? integer The client whose server knows it.
---@field agent? string
---@field turn? dragoman.Turn The one that runs.
---@field title? string The first prompt's first line; nil as long as nothing was asked.
local Conversation = {}
Conversation.__index = Conversation

---@type dragoman.Conversation[]
local all = {}
local count = 0

---@return dragoman.Conversation
function Conversation.new()
  count = count + 1
  local self = setmetatable({ buf = transcript.create(('dragoman://chat/%d'):format(count)) }, Conversation)
  keymaps.set_transcript(self.buf)
  table.insert(all, self)
  return self
end

---Those whose transcript still exists, newest first.
---@return dragoman.Conversation[]
function Conversation.list()
  all = vim.tbl_filter(function(conversation)
    return vim.api.nvim_buf_is_loaded(conversation.buf)
  end, all)
  return vim.iter(all):rev():totable()
end

---Writes the prompt and begins the answer.
---@param turn_id string
---@param agent string
---@param question? dragoman.Question nil where somebody else has asked.
---@return dragoman.Turn
function Conversation:begin(turn_id, agent, question)
  if self.title then
    transcript.append_gap(self.buf)
  end
  self.agent = agent
  self.title = self.title or question and text.one_line(text.lines(question.prompt)[1]) or agent
  if question then
    self:write_question(question)
  end
  self.turn = Turn.new(self, turn_id, agent)
  self:changed()
  return self.turn
end

---@param turn dragoman.Turn
function Conversation:ended(turn)
  if self.turn == turn then
    self.turn = nil
  end
  self:changed()
end

---Tells the panel, and whoever else listens (|DragomanChanged|).
function Conversation:changed()
  vim.api.nvim_exec_autocmds('User', { pattern = 'DragomanChanged', modeline = false, data = { buf = self.buf } })
end

---@private
---@param question dragoman.Question
function Conversation:write_question(question)
  local lines = text.lines(question.prompt)
  transcript.append(self.buf, { '## You', '' })
  transcript.append(self.buf, lines)
  local fence = text.missing_fence(lines)
  if fence then
    transcript.append(self.buf, { fence })
  end
  for _, label in ipairs(question.context) do
    transcript.append_note(self.buf, '▸ ' .. label, 'DragomanHint')
  end
  transcript.append(self.buf, { '' })
end

return Conversation
