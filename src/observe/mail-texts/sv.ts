import type { MailTexts } from './mail-texts.ts';

export const sv: MailTexts = {
  titles: {
    deliveries_failing: 'Leveranser misslyckas för gott',
    webhook_disabled: 'En webhook stängdes av',
    webhook_will_be_disabled: 'En webhook stängs snart av',
    webhook_disabled_by_failures: 'En webhook stängdes av, då inget längre kom fram',
    certificate_expires: 'Ett klientcertifikat går ut',
    daily_limit_reached: 'Dagens gräns för händelser är nådd',
  },
  messages: {
    deliveries_failing: 'En leverans gavs upp efter {{attempts}} försök. Det senaste: {{failure}}.',
    'deliveries_failing/batch':
      'En grupp om {{deliveries}} leveranser gavs upp efter {{attempts}} försök. Det senaste: {{failure}}.',
    'webhook_disabled/gone': 'Mottagaren svarade 410 Gone: webhooken stängdes av.',
    'webhook_disabled/failing':
      'En leverans gavs upp efter {{attempts}} försök. Det senaste: {{failure}}. Webhooken stängdes av.',
    webhook_will_be_disabled:
      'Inget har kommit fram sedan {{since}}: varje försök misslyckades. Det senaste: {{failure}}. Om inget kommer ' +
      'fram stänger nästa misslyckande från och med {{from}} av webhooken.',
    webhook_disabled_by_failures:
      'Inget har kommit fram sedan {{since}}: varje försök misslyckades. Det senaste: {{failure}}. Webhooken ' +
      'stängdes av.',
    'certificate_expires/expires':
      'Klientcertifikatet {{subject}} går ut {{notAfter}}. Ange ett nytt innan dess.',
    'certificate_expires/expired':
      'Klientcertifikatet {{subject}} gick ut {{notAfter}}. Det visas fortfarande, men mottagare som kontrollerar det ' +
      'avvisar det: ange ett nytt.',
    daily_limit_reached:
      'Kontot får publicera {{limit}} händelser om dagen och har publicerat {{used}} i dag, så det här är för mycket. ' +
      'Dagen slutar {{endsAt}}.',
    'daily_limit_reached/one':
      'Kontot får publicera en händelse om dagen och har publicerat {{used}} i dag, så det här är för mycket. ' +
      'Dagen slutar {{endsAt}}.',
  },
  failures: {
    http: 'mottagaren svarade {{statusCode}}',
    connection_refused: 'mottagaren avvisade anslutningen',
    connection_reset: 'mottagaren bröt anslutningen',
    connect_timeout: 'det gick inte att ansluta i tid',
    timeout: 'inget svar i tid',
    dns_not_found: 'DNS känner inte till värdnamnet',
    dns_failed: 'värdnamnet gick inte att slå upp',
    address_not_allowed: 'adressen är inte offentlig',
    tls_certificate_expired: 'mottagarens certifikat har gått ut',
    tls_self_signed: 'mottagarens certifikat är självsignerat',
    tls_untrusted: 'mottagarens certifikat går inte att lita på',
    tls_name_mismatch: 'mottagarens certifikat gäller en annan värd',
    other: 'det misslyckades ({{failureCode}})',
  },
  account: 'Konto',
  webhook: 'Webhook',
  since: 'Sedan',
  see: 'Se vad som går att göra åt det',
  why: 'Det går ett brev per varning. Vem som får dem ställs in på den sidan.',
};
