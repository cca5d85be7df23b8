/**
 * Shell functions that find a program as the engine does, or exit: with 127 if there is no such program, with 126 if it
 * can't be executed. Only shell built-ins. The file's name is in `belljar_file` afterwards.
 *
 * The search follows the engine's (Go's `exec.LookPath`, which refuses what it finds in a directory that is not
 * absolute, an empty one being the working directory). `exec` of a shell would run a file without a known header as a
 * script, which the engine refuses (`exec format error`): the header is looked at, except in the system's own
 * directories, where a binary's long first line would cost more than the command.
 */
export const findProgram = `
belljar_find() {
  belljar_file=$1
  case $1 in
  */*) ;;
  *)
    belljar_path=$PATH:
    while [ "$belljar_path" ]; do
      belljar_file=\${belljar_path%%:*}
      belljar_file=\${belljar_file:-.}/$1
      belljar_path=\${belljar_path#*:}
      [ -f "$belljar_file" ] && [ -x "$belljar_file" ] && break
      belljar_file=
    done
    case $belljar_file in '') exit 127 ;; [!/]*) exit 126 ;; esac
    ;;
  esac
  [ -f "$belljar_file" ] && [ -x "$belljar_file" ] || exit 126
  case $belljar_file in
  *..*) belljar_header ;;
  /bin/* | /sbin/* | /usr/bin/* | /usr/sbin/*) ;;
  *) belljar_header ;;
  esac
}
belljar_header() {
  IFS= read -r belljar_line 2>/dev/null <"$belljar_file"
  case $belljar_line in
  '#!'* | ?ELF*) ;;
  *) exit 126 ;;
  esac
}
`.trimStart();
