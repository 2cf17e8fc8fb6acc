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

/** @returns a class for .NET 8 with a handler for ASP.NET Core */
export function csharpExample(plan: Plan): string {
  const needs = needsOf(plan);
  return lines(
    '// app.MapPost("/webhooks", Webhooks.Receive);',
    needs.ed25519 && '// dotnet add package BouncyCastle.Cryptography',
    ...usingsOf(plan).map((name) => `using ${name};`),
    '',
    'public static class Webhooks',
    '{',
    ...keys(plan),
    '',
    `    // ${purposeOf(plan)}`,
    '    public static bool IsSigned(IHeaderDictionary headers, byte[] body)',
    '    {',
    ...plan.values.map((value) => `        string ${camelCase(value.words)} = ${read(value)};`),
    ...age(plan),
    `        byte[] content = ${contentOf(plan)};`,
    `        string[] signatures = ${signaturesOf(plan)};`,
    '        return Keys.Any(key => signatures.Any(signature => Matches(signature, key)));',
    '',
    '        bool Matches(string signature, byte[] key)',
    '        {',
    ...(needs.ed25519 ? ed25519(plan) : hmac(plan)),
    '        }',
    '    }',
    '',
    '    public static async Task<IResult> Receive(HttpRequest request)',
    '    {',
    '        using var buffer = new MemoryStream();',
    '        await request.Body.CopyToAsync(buffer);',
    '        if (!IsSigned(request.Headers, buffer.ToArray())) return Results.StatusCode(401);',
    `        // ${SAID.accepted}`,
    `        return Results.StatusCode(${plan.success});`,
    '    }',
    '',
    ...readingKeys(plan),
    '}',
    '',
  );
}

function usingsOf(plan: Plan): string[] {
  const needs = needsOf(plan);
  const wanted: Record<string, boolean> = {
    'System.Security.Cryptography': !needs.ed25519,
    'System.Text': true,
    'System.Text.RegularExpressions': needs.pattern,
    'System.Threading.Tasks': true,
    'Microsoft.AspNetCore.Http': true,
    'Org.BouncyCastle.Crypto.Parameters': needs.ed25519,
    'Org.BouncyCastle.Crypto.Signers': needs.ed25519,
  };
  return ['System', 'System.IO', 'System.Linq', ...Object.keys(wanted).filter((name) => wanted[name])];
}

function keys(plan: Plan): string[] {
  const { variable } = needsOf(plan);
  return [
    `    // ${SAID.keys}`,
    `    private static readonly byte[][] Keys = (Environment.GetEnvironmentVariable("${variable}") ?? "").Split(' ').Select(KeyOf).ToArray();`,
    ...(plan.timestamp ? [`    private const long ToleranceSeconds = ${TOLERANCE_SECONDS};`] : []),
  ];
}

function readingKeys(plan: Plan): string[] {
  const { variable, prefix } = needsOf(plan);
  const bytes = prefix
    ? `Convert.FromBase64String(text.Replace("${prefix}", ""))`
    : 'Encoding.UTF8.GetBytes(text)';
  return [
    '    private static byte[] KeyOf(string text)',
    '    {',
    `        byte[] key = ${bytes};`,
    `        if (key.Length < ${plan.minKeyBytes}) throw new InvalidOperationException("${variable} is not set, or cut off");`,
    '        return key;',
    '    }',
  ];
}

function read({ header, pattern }: HeaderPart): string {
  const text = `headers["${header}"].ToString()`;
  return pattern === null ? text : `Regex.Match(${text}, @"${pattern}").Groups[1].Value`;
}

function age({ timestamp }: Plan): string[] {
  if (!timestamp) return [];
  return [
    `        if (!long.TryParse(${camelCase(timestamp)}, out long seconds)) return false;`,
    '        long now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();',
    '        if (seconds < now - ToleranceSeconds || seconds > now + ToleranceSeconds) return false;',
  ];
}

function contentOf({ content }: Plan): string {
  const runs = runsOf(content).map((run) =>
    run === 'body' ? run : `Encoding.UTF8.GetBytes(${joined(run, WRITING)})`,
  );
  return runs.length === 1 ? (runs[0] as string) : `[${runs.map((run) => `.. ${run}`).join(', ')}]`;
}

function signaturesOf({ signatures }: Plan): string {
  const text = read(signatures);
  return signatures.separator === null ? `[${text}]` : `${text}.Split(${quoted(signatures.separator, '"')})`;
}

function hmac(plan: Plan): string[] {
  const algorithm = needsOf(plan).sha512 ? 'HMACSHA512' : 'HMACSHA256';
  const digest = `${algorithm}.HashData(key, content)`;
  const made =
    plan.encoding === 'hex'
      ? `Convert.ToHexString(${digest}).ToLowerInvariant()`
      : `Convert.ToBase64String(${digest})`;
  const expected = [
    ...plan.before.map((piece) => joined([piece], WRITING)),
    made,
    ...plan.after.map((piece) => joined([piece], WRITING)),
  ];
  return [
    `            byte[] expected = Encoding.UTF8.GetBytes(${expected.join(' + ')});`,
    '            return CryptographicOperations.FixedTimeEquals(expected, Encoding.UTF8.GetBytes(signature));',
  ];
}

function ed25519(plan: Plan): string[] {
  const decode = plan.encoding === 'hex' ? 'Convert.FromHexString(text)' : 'Convert.FromBase64String(text)';
  return [
    `            string before = ${joined(plan.before, WRITING)}, after = ${joined(plan.after, WRITING)};`,
    '            if (signature.Length < before.Length + after.Length) return false;',
    '            if (!signature.StartsWith(before, StringComparison.Ordinal)) return false;',
    '            if (!signature.EndsWith(after, StringComparison.Ordinal)) return false;',
    '            string text = signature[before.Length..^after.Length];',
    '            var verifier = new Ed25519Signer();',
    '            verifier.Init(false, new Ed25519PublicKeyParameters(key));',
    '            verifier.BlockUpdate(content, 0, content.Length);',
    '            try',
    '            {',
    `                return verifier.VerifySignature(${decode});`,
    '            }',
    '            catch (FormatException)',
    '            {',
    '                return false;',
    '            }',
  ];
}
