import type { HeaderPart, Plan } from './plan.ts';
import {
  camelCase,
  joined,
  lines,
  needsOf,
  purposeOf,
  quoted,
  runsOf,
  SAID,
  TOLERANCE_SECONDS,
  type Writing,
} from './writing.ts';

const WRITING: Writing = {
  text: (text) => quoted(text, '"'),
  variable: camelCase,
  empty: '""',
  plus: ' + ',
};

/** @returns a class for Java 17 with a handler of the JDK's own server; what verifies needs no server */
export function javaExample(plan: Plan): string {
  const needs = needsOf(plan);
  return lines(
    '// server.createContext("/webhooks", Webhooks::receive);',
    '// With Spring or a servlet: Webhooks.isSigned(request::getHeader, body), with the body as a byte[].',
    ...importsOf(plan).map((name) => `import ${name};`),
    '',
    'public final class Webhooks {',
    ...keys(plan),
    '',
    `    /** ${purposeOf(plan)} */`,
    '    public static boolean isSigned(UnaryOperator<String> headers, byte[] body) throws GeneralSecurityException {',
    ...plan.values.map((value) => `        String ${camelCase(value.words)} = ${read(value)};`),
    ...age(plan),
    ...contentOf(plan),
    `        String[] signatures = ${signaturesOf(plan)};`,
    '        for (byte[] key : KEYS) {',
    '            for (String signature : signatures) {',
    ...(needs.ed25519 ? ed25519(plan) : hmac(plan)),
    '            }',
    '        }',
    '        return false;',
    '    }',
    '',
    ...(needs.pattern
      ? [
          '    private static String part(String text, String pattern) {',
          '        Matcher found = Pattern.compile(pattern).matcher(text);',
          '        return found.find() ? found.group(1) : "";',
          '    }',
          '',
        ]
      : []),
    ...readingKeys(plan),
    '',
    '    public static void receive(HttpExchange exchange) throws IOException {',
    '        try (exchange) {',
    '            byte[] body = exchange.getRequestBody().readAllBytes();',
    '            if (!isSigned(exchange.getRequestHeaders()::getFirst, body)) {',
    '                exchange.sendResponseHeaders(401, -1);',
    '                return;',
    '            }',
    `            // ${SAID.accepted}`,
    `            exchange.sendResponseHeaders(${plan.success}, -1);`,
    '        } catch (GeneralSecurityException impossible) {',
    '            throw new IllegalStateException(impossible);',
    '        }',
    '    }',
    '}',
    '',
  );
}

function importsOf(plan: Plan): string[] {
  const needs = needsOf(plan);
  const whole = runsOf(plan.content).length === 1;
  const wanted: Record<string, boolean> = {
    'com.sun.net.httpserver.HttpExchange': true,
    'java.io.ByteArrayOutputStream': !whole,
    'java.io.IOException': true,
    'java.nio.charset.StandardCharsets': !needs.ed25519 || !whole,
    'java.security.GeneralSecurityException': true,
    'java.security.KeyFactory': needs.ed25519,
    'java.security.MessageDigest': !needs.ed25519,
    'java.security.PublicKey': needs.ed25519,
    'java.security.Signature': needs.ed25519,
    'java.security.SignatureException': needs.ed25519,
    'java.security.spec.X509EncodedKeySpec': needs.ed25519,
    'java.time.Instant': plan.timestamp !== null,
    'java.util.ArrayList': true,
    'java.util.Base64': plan.encoding === 'base64' || needs.prefix !== null,
    'java.util.HexFormat': plan.encoding === 'hex' || needs.ed25519,
    'java.util.List': true,
    'java.util.Objects': true,
    'java.util.function.UnaryOperator': true,
    'java.util.regex.Matcher': needs.pattern,
    'java.util.regex.Pattern': needs.pattern || plan.signatures.separator !== null,
    'javax.crypto.Mac': !needs.ed25519,
    'javax.crypto.spec.SecretKeySpec': !needs.ed25519,
  };
  return Object.keys(wanted).filter((name) => wanted[name]);
}

function keys(plan: Plan): string[] {
  return [
    `    /** ${SAID.keys} */`,
    '    private static final List<byte[]> KEYS = readKeys();',
    ...(plan.timestamp ? [`    private static final long TOLERANCE_SECONDS = ${TOLERANCE_SECONDS};`] : []),
  ];
}

function readingKeys(plan: Plan): string[] {
  const { variable, prefix } = needsOf(plan);
  const bytes = prefix
    ? `Base64.getDecoder().decode(text.replace("${prefix}", ""))`
    : 'text.getBytes(StandardCharsets.UTF_8)';
  return [
    '    private static List<byte[]> readKeys() {',
    '        List<byte[]> keys = new ArrayList<>();',
    `        for (String text : Objects.requireNonNullElse(System.getenv("${variable}"), "").split(" ")) {`,
    `            byte[] key = ${bytes};`,
    `            if (key.length < ${plan.minKeyBytes}) throw new IllegalStateException("${variable} is not set, or cut off");`,
    '            keys.add(key);',
    '        }',
    '        return keys;',
    '    }',
  ];
}

function read({ header, pattern }: HeaderPart): string {
  const text = `Objects.requireNonNullElse(headers.apply("${header}"), "")`;
  return pattern === null ? text : `part(${text}, ${quoted(pattern, '"')})`;
}

function age({ timestamp }: Plan): string[] {
  if (!timestamp) return [];
  const name = camelCase(timestamp);
  return [
    `        if (!${name}.matches("[0-9]{1,12}")) return false;`,
    `        long ageSeconds = Instant.now().getEpochSecond() - Long.parseLong(${name});`,
    '        if (Math.abs(ageSeconds) > TOLERANCE_SECONDS) return false;',
  ];
}

function contentOf({ content }: Plan): string[] {
  const runs = runsOf(content);
  if (runs.length === 1) return ['        byte[] content = body;'];
  const pieces = runs.map((run) =>
    run === 'body' ? run : `(${joined(run, WRITING)}).getBytes(StandardCharsets.UTF_8)`,
  );
  return [
    '        ByteArrayOutputStream pieces = new ByteArrayOutputStream();',
    ...pieces.map((piece) => `        pieces.writeBytes(${piece});`),
    '        byte[] content = pieces.toByteArray();',
  ];
}

function signaturesOf({ signatures }: Plan): string {
  const text = read(signatures);
  if (signatures.separator === null) return `{${text}}`;
  return `${text}.split(Pattern.quote(${quoted(signatures.separator, '"')}))`;
}

function hmac(plan: Plan): string[] {
  const algorithm = needsOf(plan).sha512 ? 'HmacSHA512' : 'HmacSHA256';
  const made =
    plan.encoding === 'hex'
      ? 'HexFormat.of().formatHex(mac.doFinal(content))'
      : 'Base64.getEncoder().encodeToString(mac.doFinal(content))';
  const expected = [
    ...plan.before.map((piece) => joined([piece], WRITING)),
    made,
    ...plan.after.map((piece) => joined([piece], WRITING)),
  ];
  return [
    `                Mac mac = Mac.getInstance("${algorithm}");`,
    `                mac.init(new SecretKeySpec(key, "${algorithm}"));`,
    `                byte[] expected = (${expected.join(' + ')}).getBytes(StandardCharsets.UTF_8);`,
    '                if (MessageDigest.isEqual(expected, signature.getBytes(StandardCharsets.UTF_8))) return true;',
  ];
}

function ed25519(plan: Plan): string[] {
  const decode =
    plan.encoding === 'hex' ? 'HexFormat.of().parseHex(text)' : 'Base64.getDecoder().decode(text)';
  return [
    `                String before = ${joined(plan.before, WRITING)};`,
    `                String after = ${joined(plan.after, WRITING)};`,
    '                if (!signature.startsWith(before) || !signature.endsWith(after)) continue;',
    '                if (signature.length() < before.length() + after.length()) continue;',
    '                String text = signature.substring(before.length(), signature.length() - after.length());',
    '                byte[] der = HexFormat.of().parseHex("302a300506032b6570032100" + HexFormat.of().formatHex(key));',
    '                PublicKey publicKey = KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(der));',
    '                Signature verifier = Signature.getInstance("Ed25519");',
    '                verifier.initVerify(publicKey);',
    '                verifier.update(content);',
    '                try {',
    `                    if (verifier.verify(${decode})) return true;`,
    '                } catch (SignatureException | IllegalArgumentException notASignature) {',
    '                    continue;',
    '                }',
  ];
}
