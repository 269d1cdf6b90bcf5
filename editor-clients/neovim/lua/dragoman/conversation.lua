---A conversation: a transcript buffer, the server's id for it, and the turn that runs in it, if any.

local Turn = require('dragoman.turn')
local fences = require('dragoman.fences')
local keymaps = require('dragoman.keymaps')
local text = require('dragoman.text')
local transcript = require('dragoman.transcript')

---@class dragoman.Question
---@field prompt string
---@field context string[] What was sent along, in words.
---@field selections? dragoman.Selection[] What was sent along, where it stands in a buffer.

---@class dragoman.Asked
---@field id string The turn's.
---@field question? dragoman.Question nil where somebody else has asked.
---@field turn dragoman.Turn
---@field is_ours? boolean Whether it was asked in the panel.
---@field private mark integer Where it begins in the transcript.

---@class dragoman.Conversation
---@field buf integer
---@field id? string The server's; nil before the first turn.
---@field client_id? integer The client whose server knows it.
---@field agent? string
---@field turn? dragoman.Turn The one that runs.
---@field resumed? string The turn of an earlier session that the next one goes on from.
---@field is_editing? boolean Whether the next prompt takes the place of the last one.
---@field private asked dragoman.Asked[] Those that the transcript shows.
---@field title? string The first prompt's first line; nil as long as nothing was asked.
local Conversation = {}
Conversation.__index = Conversation

local namespace = vim.api.nvim_create_namespace('dragoman.conversation')

---@type dragoman.Conversation[]
local all = {}
local count = 0

---@return dragoman.Conversation
function Conversation.new()
  count = count + 1
  local buf = transcript.create(('dragoman://chat/%d'):format(count))
  local self = setmetatable({ buf = buf, asked = {} }, Conversation)
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

---The one that a turn is part of, also one that has ended.
---@param turn_id string
---@return dragoman.Conversation?
---@return dragoman.Asked?
function Conversation.of_turn(turn_id)
  for _, conversation in ipairs(Conversation.list()) do
    for _, asked in ipairs(conversation.asked) do
      if asked.id == turn_id then
        return conversation, asked
      end
    end
  end
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
  local first_line = self.title and vim.api.nvim_buf_line_count(self.buf) or 0
  self.agent = agent
  self.title = self.title or question and text.one_line(text.lines(question.prompt)[1]) or agent
  if question then
    self:write_question(question)
  end
  self.turn = Turn.new(self, turn_id, agent)
  local mark = vim.api.nvim_buf_set_extmark(self.buf, namespace, first_line, 0, { right_gravity = false })
  table.insert(self.asked, { id = turn_id, question = question, turn = self.turn, mark = mark })
  self:changed()
  return self.turn
end

---@return dragoman.Asked?
function Conversation:last()
  return self.asked[#self.asked]
end

---@class dragoman.AnswerBlock
---@field asked dragoman.Asked
---@field number integer In its answer, from 1.
---@field row integer Of its opening fence, from 0.
---@field last_row integer Of its last line.
---@field language string
---@field lines string[]

---The fenced blocks of all answers that the transcript shows.
---@return dragoman.AnswerBlock[]
function Conversation:blocks()
  local found = {} ---@type dragoman.AnswerBlock[]
  for _, asked in ipairs(self.asked) do
    local row, lines = asked.turn:answer_lines()
    for number, block in ipairs(fences.blocks(lines)) do
      table.insert(found, {
        asked = asked,
        number = number,
        row = row + block.first - 2,
        last_row = row + block.last - 1,
        language = block.language,
        lines = vim.list_slice(lines, block.first, block.last),
      })
    end
  end
  return found
end

---Takes the last prompt and its answer out of the transcript; the server keeps them.
function Conversation:rewind()
  local last = table.remove(self.asked)
  local row = vim.api.nvim_buf_get_extmark_by_id(self.buf, namespace, last.mark, {})[1]
  transcript.truncate(self.buf, row)
  if not self.asked[1] then
    self.title = nil
  end
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
  local fence = fences.missing(lines)
  if fence then
    transcript.append(self.buf, { fence })
  end
  for _, label in ipairs(question.context) do
    transcript.append_note(self.buf, '▸ ' .. label, 'DragomanHint')
  end
  transcript.append(self.buf, { '' })
end

return Conversation
