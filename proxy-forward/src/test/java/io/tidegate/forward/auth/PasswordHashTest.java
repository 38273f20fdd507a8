package io.tidegate.forward.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PasswordHashTest {
  @ParameterizedTest(name = "{1}")
  @CsvSource(
      delimiter = '|',
      value = {
        "U*U      | $2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW",
        "U*U      | $2b$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW",
        "secret   | $2y$04$ZP5tQ8U/v6.8.3AKRmvmwOH9HuEDvYvr3daBt80lQbVcRlq2VrTZS",
        "password | $argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
      })
  void rightPasswordsMatchAndWrongOnesDoNot(String password, String hash) {
    assertTrue(PasswordHash.parse(hash).matches(password));
    assertFalse(PasswordHash.parse(hash).matches(password + "x"));
    assertFalse(PasswordHash.parse(hash).matches(""));
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    // RFC 7914 §11, 80000 iterations of the password "Password" with the salt "NaCl"
    "$pbkdf2-sha256$80000$TmFDbA$TdzY9guYviGDDO5e8icB+WQaRBjQTAQUrv8Ih2s0q1ah1CWhIlgzVJrbhBtRybMXaicr3ruh0HhHj2Kzl/M8jQ",
    "$pbkdf2-sha256$80000$TmFDbA==$TdzY9guYviGDDO5e8icB.WQaRBjQTAQUrv8Ih2s0q1ah1CWhIlgzVJrbhBtRybMXaicr3ruh0HhHj2Kzl/M8jQ=="
  })
  void pbkdf2IsTakenWithEitherBase64(String hash) {
    assertTrue(PasswordHash.parse(hash).matches("Password"), hash);
    assertFalse(PasswordHash.parse(hash).matches("password"));
    assertFalse(PasswordHash.parse(hash).matches(""));
  }

  @Test
  void pbkdf2MayUseSha512() {
    String hash =
        "$pbkdf2-sha512$1000$c2FsdHNhbHQ$"
            + "yxrx/ViX5QI7IxZJq6y+WvxUuD3X50NqqNktV+om/T1YSmXiwG40iYpLd55T4SEp//G+E5BXSLl5u3IzZcWurQ";
    assertTrue(PasswordHash.parse(hash).matches("Password"));
    assertFalse(PasswordHash.parse(hash).matches("password"));
  }

  @Test
  void ofBcryptTheFirst72OctetsCount() {
    String hash = "$2y$04$n0kCoKh62arLQYo.nuy1I.QJIMut.nWdSpVUW2AGKW/Xr0UeBY.Sy";
    assertTrue(PasswordHash.parse(hash).matches("x".repeat(72)));
    assertTrue(PasswordHash.parse(hash).matches("x".repeat(255)));
    assertFalse(PasswordHash.parse(hash).matches("x".repeat(71)));
  }

  @ParameterizedTest(name = "{1}")
  @CsvSource(
      delimiter = '|',
      value = {
        "$apr1$abc$def                   | an MD5 hash",
        "$1$abc$def                      | an MD5 hash",
        "{SHA}5en6G6MezRroT3XKqkdPOmY/BfQ= | a SHA-1 hash",
        "$6$abc$def                      | a hash of crypt",
        "secret                          | a plain password, or a hash of another kind",
        "rqXexS6ZhobKA                   | a plain password, or a hash of another kind",
        "''                              | no hash",
        "$argon2i$v=19$m=256,t=2,p=1$c29tc2FsdA$nf65 | argon2 in another variant",
        "$argon2id$v=16$m=256,t=2,p=1$c29tc2FsdA$nf65 | a malformed argon2id hash, or one of another version",
        "$argon2id$v=19$m=262145,t=2,p=1$c29tc2FsdA$nf65 | an argon2id hash with m=262145, p=1, not 8p to 262144 and 1 to 64",
        "$argon2id$v=19$m=15,t=2,p=2$c29tc2FsdA$nf65 | an argon2id hash with m=15, p=2, not 8p to 262144 and 1 to 64",
        "$argon2id$v=19$m=256,t=101,p=1$c29tc2FsdA$nf65 | an argon2id hash with t=101, not 1 to 100",
        "$argon2id$v=19$m=256,t=2,p=1$c29tc2FsdA$nf65 | an argon2id hash or salt of unusual length",
        "$2y$04$short                    | a malformed bcrypt hash",
        "$2x$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW | a malformed bcrypt hash",
        "$2a$03$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW | a bcrypt hash with a cost of 3, not 4 to 20",
        "$2a$21$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW | a bcrypt hash with a cost of 21, not 4 to 20",
        "$pbkdf2-sha1$80000$TmFDbA$TdzY  | a malformed PBKDF2 hash",
        "$pbkdf2-sha256$999$TmFDbA$TdzY  | a PBKDF2 hash with 999 iterations, not 1000 to 10000000",
        "$pbkdf2-sha256$80000$TmFDbA$TdzY | a PBKDF2 hash or salt of unusual length",
      })
  void whatWillNotDoIsNamedAndNotShown(String text, String kind) {
    Exception refused =
        assertThrows(IllegalArgumentException.class, () -> PasswordHash.parse(text));
    assertEquals(kind, refused.getMessage());
  }
}
