---One answer in a transcript, as it grows: a heading, the agent's reasoning, the text, and what is said at the end.
---
---What streams is written at most every 50 ms: the first piece at once, the rest gathered.

local Region = require('dragoman.region')
local fences = require('dragoman.fences')
local fold = require('dragoman.fold')
local text = require('dragoman.text')
local transcript = require('dragoman.transcript')

local BATCH_MS = 50

---@class dragoman.Answer
---@field buf integer
---@field private heading integer The mark that the figures stand at.
---@field private text dragoman.Region
---@field private thinking? dragoman.Region
---@field private thinking_since? integer Milliseconds; nil once it is over.
---@field private thinking_hint? integer The mark of what is said about it.
---@field private pending { text: string[], reasoning: string[] }
---@field private written_at integer Milliseconds.
---@field private is_scheduled boolean
local Answer = {}
Answer.__index = Answer

---@param buf integer
---@param agent string
---@return dragoman.Answer
function Answer.new(buf, agent)
  local row = transcript.append(buf, { '## ' .. text.one_line(agent), '', '' })
  return setmetatable({
    buf = buf,
    heading = transcript.annotate(buf, row, ''),
    text = Region.new(buf, row + 2, 0),
    pending = { text = {}, reasoning = {} },
    written_at = 0,
    is_scheduled = false,
  }, Answer)
end

---@param delta string
function Answer:add_text(delta)
  table.insert(self.pending.text, delta)
  self:schedule()
end

---@param delta string
function Answer:add_reasoning(delta)
  self.thinking_since = self.thinking_since or vim.uv.now()
  table.insert(self.pending.reasoning, delta)
  self:schedule()
end

---@param replacement string
function Answer:replace_text(replacement)
  self:write()
  self:on_loaded(function()
    self.text:replace(replacement)
  end)
end

---Everything is there.
function Answer:finish()
  self:write()
  self:on_loaded(function()
    self.text:finish()
    self:finish_thinking()
    local fence = fences.missing(self.text:lines())
    if self.text:is_empty() then
      self.text:remove_line()
    elseif fence then
      transcript.append(self.buf, { fence })
    end
  end)
end

---@return integer row Where the text begins, from 0.
---@return string[] lines
function Answer:lines()
  return (self.text:range()), self.text:lines()
end

---@param figures string
function Answer:set_figures(figures)
  self:on_loaded(function()
    local row = vim.api.nvim_buf_get_extmark_by_id(self.buf, transcript.namespace, self.heading, {})[1]
    transcript.annotate(self.buf, row, figures, self.heading)
  end)
end

---@private
function Answer:schedule()
  if self.is_scheduled then
    return
  end
  local wait = BATCH_MS - (vim.uv.now() - self.written_at)
  if wait <= 0 then
    return self:write()
  end
  self.is_scheduled = true
  vim.defer_fn(function()
    self.is_scheduled = false
    self:write()
  end, wait)
end

---@private
function Answer:write()
  local pending = self.pending
  self.pending = { text = {}, reasoning = {} }
  self.written_at = vim.uv.now()
  self:on_loaded(function()
    if pending.reasoning[1] then
      self:write_reasoning(table.concat(pending.reasoning))
    end
    if pending.text[1] then
      self:finish_thinking()
      self.text:append(table.concat(pending.text))
    end
  end)
end

---@private
---@param reasoning string
function Answer:write_reasoning(reasoning)
  if not self.thinking then
    -- In front of the text's own line, so that both can grow at the same time.
    local row = self.text:range() - 1
    transcript.edit(self.buf, function()
      vim.api.nvim_buf_set_text(self.buf, row, 0, row, 0, { '', '> ', '' })
    end)
    self.thinking = Region.new(self.buf, row + 1, #'> ', { highlight = 'DragomanThinking', prefix = '> ' })
    self.thinking_hint = transcript.annotate(self.buf, row, 'Thinking …')
  end
  self.thinking:append(reasoning)
end

---The text has begun, or all is over: the reasoning is folded away.
---@private
function Answer:finish_thinking()
  if not self.thinking_since or not self.thinking then
    return
  end
  local seconds = math.floor((vim.uv.now() - self.thinking_since) / 1000 + 0.5)
  self.thinking_since = nil
  self.thinking:finish()
  local first, _, last = self.thinking:range()
  transcript.annotate(self.buf, first - 1, ('Thought for %d s'):format(seconds), self.thinking_hint)
  fold.add(self.buf, first - 1, last)
end

---@private
---@param action fun()
function Answer:on_loaded(action)
  if vim.api.nvim_buf_is_loaded(self.buf) then
    action()
  end
end

return Answer
