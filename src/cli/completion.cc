#include <fmt/format.h>

#include <memory>

#include "cli/verbs.h"

namespace warmshell::cli {

Verb add_completion(CLI::App& app) {
  CLI::App* command = app.add_subcommand(
      "completion", "Completion for bash and zsh: source <(warmshell completion)");
  return {command, [&app] {
            std::string verbs, cases;
            for (const CLI::App* verb : app.get_subcommands([](const CLI::App*) { return true; })) {
              verbs += verb->get_name() + " ";
              std::string flags;
              for (const CLI::Option* option : verb->get_options())
                for (const std::string& name : option->get_lnames()) flags += "--" + name + " ";
              cases += fmt::format("    {}) words=\"{}\" ;;\n", verb->get_name(), flags);
            }
            fmt::print(
                "[ -n \"$ZSH_VERSION\" ] && autoload -U +X bashcompinit && bashcompinit\n"
                "_warmshell() {{\n  local word=${{COMP_WORDS[COMP_CWORD]}} words=\n"
                "  [ \"$COMP_CWORD\" -eq 1 ] && {{ COMPREPLY=($(compgen -W \"{}\" -- \"$word\")); "
                "return; }}\n"
                "  case \"${{COMP_WORDS[1]}}\" in\n{}  esac\n"
                "  case \"$word\" in -*) COMPREPLY=($(compgen -W \"$words\" -- \"$word\")) ;; *) "
                "COMPREPLY=($(compgen -f -- \"$word\")) ;; esac\n"
                "}}\ncomplete -F _warmshell warmshell\n",
                verbs, cases);
            return static_cast<int>(done);
          }};
}

}  // namespace warmshell::cli
