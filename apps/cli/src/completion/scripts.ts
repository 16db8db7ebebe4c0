import type { Shell } from './shells.ts';

/** The script that makes a shell ask us at Tab. What we answer is only ever data in it: nothing of it is evaluated. */
export function completionScript(shell: Shell): string {
  return SCRIPTS[shell];
}

const BASH = `# mcp-dbg completion for bash 3.2 and newer; in ~/.bashrc: source <(mcp-dbg completion bash)
_mcp_dbg() {
  local reply open=
  COMPREPLY=()
  while IFS= read -r reply; do
    [[ $reply == +* ]] && open=1
    reply=\${reply#?}
    COMPREPLY+=("\${reply%%$'\\t'*}")
  done < <(mcp-dbg complete-line bash "$COMP_WORDBREAKS" -- "\${COMP_LINE:0:COMP_POINT}" 2>/dev/null)
  # Where the word goes on, no space follows it; bash 3.2 cannot be told so.
  [[ -z $open ]] || compopt -o nospace 2>/dev/null
}
complete -F _mcp_dbg mcp-dbg
`;

const ZSH = `#compdef mcp-dbg
# mcp-dbg completion for zsh; in ~/.zshrc, behind compinit: source <(mcp-dbg completion zsh)
_mcp_dbg() {
  local reply value text
  local -a done open done_text open_text
  while IFS= read -r reply; do
    value=\${\${reply#?}%%$'\\t'*}
    text=\${reply#*$'\\t'}
    [[ -n $text ]] && text="$value  -- $text" || text=$value
    case $reply in
      '=files') _files ;;
      '=folders') _files -/ ;;
      +*) open+=("$value"); open_text+=("$text") ;;
      *) done+=("$value"); done_text+=("$text") ;;
    esac
  done < <(mcp-dbg complete-line zsh -- "\${(j: :)words[1,CURRENT-1]} $QIPREFIX$PREFIX" 2>/dev/null)
  (( \${#done} )) && compadd -l -d done_text -a done
  (( \${#open} )) && compadd -l -S '' -d open_text -a open
  return 0
}
if [[ \${funcstack[1]} == _mcp_dbg ]]; then _mcp_dbg "$@"; else compdef _mcp_dbg mcp-dbg; fi
`;

const FISH = `# mcp-dbg completion for fish; in ~/.config/fish/config.fish: mcp-dbg completion fish | source
function __mcp_dbg_complete
    set -l line (commandline -cp | string collect)
    for reply in (mcp-dbg complete-line fish -- "$line" 2>/dev/null)
        switch $reply
            case '=files'
                __fish_complete_path (commandline -ct)
            case '=folders'
                __fish_complete_directories (commandline -ct)
            case '*'
                string sub -s 2 -- $reply
        end
    end
end
complete -c mcp-dbg -f -a '(__mcp_dbg_complete)'
`;

const POWERSHELL = `# mcp-dbg completion for PowerShell 7.3 and newer; in $PROFILE: mcp-dbg completion powershell | Out-String | Invoke-Expression
Register-ArgumentCompleter -Native -CommandName 'mcp-dbg' -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)
    $text = $commandAst.Extent.Text
    $length = $cursorPosition - $commandAst.Extent.StartOffset
    $line = if ($length -gt $text.Length) { $text + ' ' } else { $text.Substring(0, $length) }
    & mcp-dbg complete-line powershell -- $line 2>$null | ForEach-Object {
        if ($_.StartsWith('=')) { return }
        $value, $tip = $_.Substring(1).Split([char]9, 2)
        if (-not $tip) { $tip = $value }
        [System.Management.Automation.CompletionResult]::new($value, $value, 'ParameterValue', $tip)
    }
}
`;

const SCRIPTS: Readonly<Record<Shell, string>> = { bash: BASH, zsh: ZSH, fish: FISH, powershell: POWERSHELL };
