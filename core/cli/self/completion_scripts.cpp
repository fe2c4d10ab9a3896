// SPDX-License-Identifier: Apache-2.0
#include "cli/self/completion_scripts.hpp"

namespace hab::cli {
namespace {

// bash takes words apart at each of COMP_WORDBREAKS, so `--channel=dev` and `name:svc.group` are put
// together again first, and what bash took for an own word is cut off the answers.
constexpr std::string_view bash_script =
    R"bash(# bash completion for hab; use it with: source <(hab cli completers --shell bash)
_hab() {
    local line=${COMP_LINE:0:COMP_POINT} words=() word i reply glued
    for ((i = 0; i <= COMP_CWORD; i++)); do
        word=${COMP_WORDS[i]}
        glued=yes
        while [[ $line == [[:blank:]]* ]]; do
            line=${line:1}
            glued=
        done
        ((i == COMP_CWORD)) && word=$line
        line=${line#"$word"}
        if [[ $glued && ${#words[@]} -gt 1 ]]; then
            words[-1]+=$word
        else
            words+=("$word")
        fi
    done
    local partial=${words[-1]} cut=""
    [[ $COMP_WORDBREAKS == *=* && $partial == *=* ]] && cut=${partial%"${partial##*=}"}
    [[ $COMP_WORDBREAKS == *:* && ${partial#"$cut"} == *:* ]] && cut=${partial%"${partial##*:}"}
    COMPREPLY=()
    while IFS= read -r reply; do
        case $reply in
            :files) compopt -o filenames
                while IFS= read -r word; do COMPREPLY+=("$word"); done \
                    < <(compgen -f -- "${partial#--*=}") ;;
            :directories) compopt -o filenames
                while IFS= read -r word; do COMPREPLY+=("$word"); done \
                    < <(compgen -d -- "${partial#--*=}") ;;
            :unfinished) compopt -o nospace ;;
            *) reply=${reply%%$'\t'*}
                COMPREPLY+=("${reply#"$cut"}") ;;
        esac
    done < <("${words[0]/#\~/$HOME}" cli complete -- "${words[@]:1}" 2>/dev/null)
}
complete -F _hab hab
)bash";

constexpr std::string_view zsh_script = R"zsh(#compdef hab
# zsh completion for hab; put it into a directory of $fpath as _hab,
# or use it with: source <(hab cli completers --shell zsh)
_hab() {
    local line program=${~words[1]} file_names="" ending=" "
    local -a found given=("${(@Q)words[2,CURRENT-1]}" "${(Q)PREFIX}")
    while IFS= read -r line; do
        case $line in
            :files) file_names=-f ;;
            :directories) file_names=-/ ;;
            :unfinished) ending="" ;;
            *) line=${line//:/\\:}
                found+=("${line/$'\t'/:}") ;;
        esac
    done < <($program cli complete -- "${given[@]}" 2>/dev/null)
    local answered=1
    if (( ${#found} )); then
        _describe hab found -S "$ending" && answered=0
    fi
    if [[ -n $file_names ]]; then
        [[ $PREFIX == --*=* ]] && compset -P '*='
        if [[ $file_names == -/ ]]; then _files -/ && answered=0; else _files && answered=0; fi
    fi
    return answered
}
if [[ ${funcstack[1]-} == _hab ]]; then
    _hab "$@"
else
    compdef _hab hab
fi
)zsh";

constexpr std::string_view fish_script =
    R"fish(# fish completion for hab; use it with: hab cli completers --shell fish | source
function __hab_complete
    set -l words (commandline -opc)
    set -l partial (commandline -ct)
    set -l program $words[1]
    set -e words[1]
    set -l head (string match -r -- '^--[^=]+=' "$partial")
    set -l tail (string replace -r -- '^--[^=]+=' '' "$partial")
    for line in ($program cli complete -- $words "$partial" 2>/dev/null)
        switch $line
            case ':files'
                __fish_complete_path "$tail" | string replace -r -- '^' "$head"
            case ':directories'
                __fish_complete_directories "$tail" | string replace -r -- '^' "$head"
            case ':unfinished'
            case '*'
                printf '%s\n' $line
        end
    end
end
complete -c hab -e
complete -c hab -f -a '(__hab_complete)'
)fish";

}  // namespace

std::string_view completion_script(std::string_view shell) noexcept {
    if (shell == "bash") return bash_script;
    if (shell == "zsh") return zsh_script;
    if (shell == "fish") return fish_script;
    return {};
}

}  // namespace hab::cli
