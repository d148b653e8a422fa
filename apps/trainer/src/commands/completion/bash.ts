/**
 * What bash needs to complete `llm101`, without the package bash-completion: bash 3.2 is enough, and sourcing it twice does
 * no harm. `llm101 complete` answers with a value a line, a tab and what it is, then a line that begins with a colon.
 */
export const BASH_SCRIPT = `# bash completion for llm101
_llm101() {
  local word current words=() i
  current="\${COMP_WORDS[COMP_CWORD]}"
  for ((i = 1; i <= COMP_CWORD; i++)); do
    word="\${COMP_WORDS[i]}"
    # bash makes three words of --flag=value
    if [ "$word" = "=" ]; then
      [ "$i" = "$COMP_CWORD" ] && { words+=(""); current=""; }
    else
      words+=("$word")
    fi
  done
  COMPREPLY=()
  local value rest
  while IFS=$'\\t' read -r value rest; do
    case "$value" in
      :*) ;;
      "$current"*) COMPREPLY+=("$(printf '%q' "$value")") ;;
    esac
  done < <(llm101 complete -- "\${words[@]}" 2>/dev/null)
  # a folder is continued
  if [ "\${#COMPREPLY[@]}" = 1 ] && [ "\${COMPREPLY[0]%/}" != "\${COMPREPLY[0]}" ]; then
    compopt -o nospace 2>/dev/null
  fi
  return 0
}
complete -F _llm101 llm101
`;
