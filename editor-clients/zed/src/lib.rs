//! Starts `dragoman serve` for the languages that `extension.toml` names.

use zed_extension_api::{self as zed, Command, LanguageServerId, Result, Worktree};

struct Dragoman;

impl zed::Extension for Dragoman {
    fn new() -> Self {
        Dragoman
    }

    fn language_server_command(&mut self, _: &LanguageServerId, worktree: &Worktree) -> Result<Command> {
        let command = worktree.which("dragoman").ok_or("`dragoman` is not on the path: install the server")?;
        Ok(Command { command, args: vec!["serve".into()], env: worktree.shell_env() })
    }
}

zed::register_extension!(Dragoman);
