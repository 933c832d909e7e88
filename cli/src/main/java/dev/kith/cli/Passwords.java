package dev.kith.cli;

import dev.kith.node.NodeException;
import dev.kith.node.Problem;
import dev.kith.node.realm.Home;
import java.io.Console;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where the keystore's password comes from: {@code KITH_PASSWORD}, a file, or, at a terminal only,
 * a question.
 */
final class Passwords {
  private static final String HOW =
      "set KITH_PASSWORD, or name a file in config.toml (password-file)";

  private final Cli cli;

  Passwords(Cli cli) {
    this.cli = cli;
  }

  /** For a home that exists. */
  char[] existing(Home home) throws IOException {
    Optional<char[]> known = known(home);
    return known.isPresent() ? known.get() : ask("Password of " + home.folder() + ": ");
  }

  /** The password, where it is known without a question. */
  Optional<char[]> known(Home home) throws IOException {
    Optional<String> variable = cli.environment("KITH_PASSWORD");
    return variable.isPresent() ? variable.map(String::toCharArray) : home.storedPassword();
  }

  /** Whether a new home can get a password without a question. */
  boolean knownForNewHome() {
    return cli.environment("KITH_PASSWORD").isPresent();
  }

  /**
   * For a home that is being made.
   *
   * @param file that the user named for it
   */
  char[] forNewHome(@Nullable Path file) throws IOException {
    if (file != null) {
      return notEmpty(Home.readPassword(file));
    }
    Optional<String> variable = cli.environment("KITH_PASSWORD");
    if (variable.isPresent()) {
      return variable.get().toCharArray();
    }
    if (!cli.interactive()) {
      throw new NodeException(
          Problem.NOT_ALLOWED, "no password: set KITH_PASSWORD, or use --password-file FILE");
    }
    char[] password = notEmpty(ask("New password for the keys of this device: "));
    if (!Arrays.equals(password, ask("Once more: "))) {
      throw new NodeException(Problem.NOT_ALLOWED, "the two passwords differ");
    }
    return password;
  }

  private char[] ask(String question) throws NodeException {
    Console console = cli.interactive() ? System.console() : null;
    char[] answer = console == null ? null : console.readPassword("%s", question);
    if (answer == null) {
      throw new NodeException(Problem.NOT_ALLOWED, "no password: " + HOW);
    }
    return answer;
  }

  private static char[] notEmpty(char[] password) throws NodeException {
    if (password.length == 0) {
      throw new NodeException(Problem.NOT_ALLOWED, "the password is empty");
    }
    return password;
  }
}
