-- Runs the cases of a JSON file ({text = {lines}, keys = "…"} each) and writes what came of them.
local input, output = vim.env.KILN_VIM_CASES, vim.env.KILN_VIM_RESULTS
local file = io.open(input)
local cases = vim.json.decode(file:read("*a"))
file:close()
-- What `gq` needs to know comments; nothing is wrapped while it is typed.
vim.o.formatoptions = "q"
vim.o.swapfile = false
vim.o.hidden = true
vim.o.more = false
vim.opt.shortmess:append("sSWIF")
-- A key that tells the mode and changes none.
for _, mode in ipairs({ "n", "i", "x", "c", "o" }) do
  vim.api.nvim_set_keymap(mode, "<F12>", "<Cmd>let g:kiln_mode = mode(1)<CR>", { noremap = true })
end
-- Without `silent!` Neovim waits a second after each error, for a person to read it.
local function feed(keys)
  vim.g.kiln_keys = keys
  vim.cmd("silent! call feedkeys(g:kiln_keys, 'mtx')")
end
vim.o.lines = 60
-- `gc` of Neovim 0.10, whose rules `:help commenting` gives, for versions that lack it: the operator,
-- its repetition and its motions are this Neovim's own.
local function is_comment(line)
  return line:find("^%s*// ") ~= nil or line:find("^%s*//%s*$") ~= nil
end
function _G.kiln_toggle_comments()
  local first, last = vim.fn.line("'["), vim.fn.line("']")
  -- Nothing is taken.
  if first > last or (first == last and vim.fn.col("'[") > vim.fn.col("']")) then
    return
  end
  local lines = vim.api.nvim_buf_get_lines(0, first - 1, last, false)
  local all, indent = true, nil
  for _, line in ipairs(lines) do
    local blanks = line:match("^%s*")
    if #blanks < #line then
      all = all and is_comment(line)
      if indent == nil or #blanks < #indent then
        indent = blanks
      end
    end
  end
  indent = indent or ""
  for index, line in ipairs(lines) do
    if not all then
      local blank = line:find("%S") == nil
      lines[index] = blank and indent .. "//" or indent .. "// " .. line:sub(#indent + 1)
    elseif is_comment(line) then
      local blanks, text = line:match("^(%s*)// (.*)$")
      text = text or line:match("//(.*)$")
      lines[index] = (text:find("%S") and blanks or "") .. text
    end
  end
  vim.g.kiln_lines = lines
  vim.cmd(("lockmarks call nvim_buf_set_lines(0, %d, %d, 0, g:kiln_lines)"):format(first - 1, last))
end
function _G.kiln_select_comments()
  local function at(row)
    return is_comment(vim.fn.getline(row))
  end
  local first = vim.fn.line(".")
  local last = first
  if not at(first) then
    return
  end
  while first > 1 and at(first - 1) do
    first = first - 1
  end
  while last < vim.fn.line("$") and at(last + 1) do
    last = last + 1
  end
  vim.cmd(("normal! %dGV%dG"):format(first, last))
end
vim.cmd([[
  function! KilnComment(...)
    if a:0 == 0
      set operatorfunc=KilnComment
      return 'g@'
    endif
    lua kiln_toggle_comments()
  endfunction
  nnoremap <expr> gc KilnComment()
  xnoremap <expr> gc KilnComment()
  nnoremap <expr> gcc KilnComment() .. '_'
  onoremap <silent> gc <Cmd>lua kiln_select_comments()<CR>
]])
local names = { "a", "b", "0", "1", "2", "-" }
local results = {}
for index, case in ipairs(cases) do
  local old = vim.api.nvim_get_current_buf()
  local buffer = vim.api.nvim_create_buf(true, false)
  vim.api.nvim_set_current_buf(buffer)
  if old ~= buffer then
    vim.api.nvim_buf_delete(old, { force = true })
  end
  vim.bo.undolevels = -1
  vim.api.nvim_buf_set_lines(buffer, 0, -1, false, case.text)
  -- `U` does not bring back what was there before the case.
  vim.cmd("silent $put ='x' | silent $delete _")
  vim.bo.undolevels = 1000
  vim.bo.modified = false
  for _, name in ipairs({ "a", "b", "c", "0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "-", '"', "/" }) do
    vim.fn.setreg(name, vim.empty_dict())
  end
  vim.api.nvim_win_set_cursor(0, { 1, 0 })
  vim.cmd("clearjumps")
  vim.fn.histdel(":")
  vim.fn.histdel("/")
  vim.cmd(case.options)
  vim.g.kiln_mode = ""
  feed(vim.api.nvim_replace_termcodes(case.keys .. "<F12>", true, true, true))
  if vim.fn.mode() ~= "n" then
    feed("\27\27")
  end
  local cursor = vim.api.nvim_win_get_cursor(0)
  local registers = {}
  for _, name in ipairs(names) do
    -- Keys without a character, which a macro may hold, are three bytes that are no UTF-8.
    registers[name] = vim.fn.getreg(name):gsub("\128[%z\1-\255][%z\1-\255]", "?")
  end
  results[index] = {
    lines = vim.api.nvim_buf_get_lines(0, 0, -1, false),
    row = cursor[1],
    column = cursor[2],
    mode = vim.g.kiln_mode:sub(1, 1),
    registers = registers,
  }
end
local out = io.open(output, "w")
out:write(vim.json.encode(results))
out:close()
vim.cmd("qa!")
