import { findProgram } from '../exec/find-program';

/**
 * The script of a persistent shell: `/bin/sh -c <this> belljar`. It reads a line, runs it, reads the next. `read` takes
 * bytes one by one, so that the bytes after a line on standard input are left for the command
 * (see {@link commandLine}). Only shell built-ins, no file, and nothing of the shell's own reaches a command.
 *
 * Descriptors: 3 and 4 are the engine's standard output and error, to which the shell itself writes only sentinels; 5
 * is an empty standard input; 6 to 8 tell whether the user database has changed. A command gets 0, 1, 2 only.
 *
 * Sentinels, each a line that begins with a token that no output can guess:
 * `TOKEN N` on standard output: the command was not started, and nothing was done;
 * `TOKEN B` on standard output: the command is about to be started; a shell that ends without it has done nothing;
 * `TOKEN E<exit code>` on standard output, with `R` if the shell must not be used again; and `TOKEN` on standard error:
 * the command has ended, and all that it printed came before. A shell that has no room for another process ends, with
 * the sentinel `N`: `belljar_begun` is the token of a command that has no process yet.
 *
 * - `belljar_go` becomes the program, which `belljar_find` finds as the engine would.
 * - `belljar_fresh`: the engine looks users and groups up for every command, so a shell is only good while
 *   `/etc/passwd` and `/etc/group` are the same files (`-ef`) and older than a pipe that was made when it started.
 * - `belljar_settled`: the engine looked the user up some time before the shell could run. What is older than the
 *   container's own `/dev/pts`, which is mounted when the container starts, has not changed since then either.
 * - `belljar_look`: a process that is new since the last command and has one of the shell's pipes could print into
 *   the output of a later command. If its descriptors may not be seen, a zombie and a member of another session that
 *   came from outside (its leader has no parent in the container) are harmless, anything else is not. What forks
 *   meanwhile is found by looking again.
 * - Signals are trapped so that a command that signals its process group does not end the shell; a trap, unlike an
 *   ignored signal, is not inherited.
 */
export const shellScript = `
exec 3>&1 4>&2 5</dev/null >/dev/null 2>&1
exec 6<<END
new
END
[ -r /etc/passwd ] && exec 7</etc/passwd
[ -r /etc/group ] && exec 8</etc/group
trap : HUP INT QUIT TERM USR1 USR2 ALRM PIPE
trap '[ "$belljar_begun" ] && printf "%sN\\n" "$belljar_begun" >&3' EXIT
unset PWD OLDPWD SHLVL
[ "$BASH_VERSION" ] && shopt -s execfail
belljar_n='
'
belljar_same() {
  if [ -e "$1" ]; then [ /proc/$$/fd/6 -nt "$1" ] && [ "$1" -ef "$2" ]; else [ ! -e "$2" ]; fi
}
belljar_fresh() {
  belljar_same /etc/passwd /proc/$$/fd/7 && belljar_same /etc/group /proc/$$/fd/8
}
belljar_settled() {
  [ /dev/pts -nt "$1" ] || [ ! -e "$1" ]
}
${findProgram}belljar_go() {
  belljar_token=$1
  trap 'printf "%sN\\n" "$belljar_token"' EXIT
  shift
  p
  belljar_find "$1"
  exec "$@"
  exit
}
belljar_look() {
  for belljar_process in "$@"; do
    case " $belljar_known " in *" $belljar_process "*) continue ;; esac
    if [ -e "$belljar_process/fd/0" ] || [ -e "$belljar_process/fd/1" ] || [ -e "$belljar_process/fd/2" ]; then
      for belljar_file in "$belljar_process"/fd/*; do
        [ "$belljar_file" -ef /proc/$$/fd/3 ] && belljar_retire=R
        [ "$belljar_file" -ef /proc/$$/fd/4 ] && belljar_retire=R
      done
    else
      belljar_stranger "$belljar_process"
    fi
  done
}
belljar_stranger() {
  belljar_stat "$1" || return
  set -- \${belljar_line##*) }
  [ "$1" = Z ] && return
  if [ "$4" != $$ ] && belljar_stat "/proc/$4"; then
    set -- \${belljar_line##*) }
    [ "$2" = 0 ] && return
  fi
  belljar_retire=R
}
belljar_stat() {
  belljar_line=
  { IFS= read -r belljar_line <"$1/stat"; } && [ "$belljar_line" ]
}
belljar_end() {
  belljar_begun=
  printf '%s\\n' "$1" >&4
  belljar_token=$1
  belljar_code=$2
  belljar_rounds=........
  set -- /proc/[0-9]*
  until [ "$*" = "$belljar_known" ]; do
    belljar_rounds=\${belljar_rounds#.}
    [ "$belljar_rounds" ] || belljar_retire=R
    [ "$belljar_retire" ] && break
    belljar_look "$@"
    belljar_known=$*
    set -- /proc/[0-9]*
  done
  printf '%sE%s%s\\n' "$belljar_token" "$belljar_code" "$belljar_retire" >&3
}
belljar_stale() {
  printf '%sN\\n' "$1" >&3
  belljar_retire=R
  belljar_end "$1" 126
}
c() {
  belljar_begun=$1
  belljar_fresh || { belljar_stale "$1"; return; }
  printf '%sB\\n' "$1" >&3
  (belljar_go "$@") <&5 >&3 2>&4 3>&- 4>&- 5<&- 6<&- 7<&- 8<&-
  belljar_end "$1" $?
}
w() {
  belljar_begun=$1
  belljar_fresh || { belljar_stale "$1"; return; }
  printf '%sB\\n' "$1" >&3
  belljar_token=$1
  belljar_input=$2
  shift 2
  printf "$belljar_input" 3>&- 4>&- | (belljar_go "$belljar_token" "$@") >&3 2>&4 3>&- 4>&- 5<&- 6<&- 7<&- 8<&-
  belljar_end "$belljar_token" $?
}
i() {
  belljar_begun=$1
  belljar_fresh || { belljar_stale "$1"; return; }
  printf '%sB\\n' "$1" >&3
  belljar_retire=R
  (belljar_go "$@") >&3 2>&4 3>&- 4>&- 5<&- 6<&- 7<&- 8<&-
  belljar_end "$1" $?
}
IFS= read -r belljar_secret
belljar_root=
[ -O /proc ] && belljar_root=root
belljar_users=
belljar_settled /etc/passwd && belljar_settled /etc/group && belljar_users=settled
set -- /proc/[0-9]*
belljar_known=$*
printf '%sH%s %s %s %s\\n' "$belljar_secret" $$ "$belljar_root" "$belljar_users" "$(pwd -P)" >&3
while IFS= read -r belljar_line; do
  eval "$belljar_line"
done
`;
