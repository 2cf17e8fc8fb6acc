import { misconfigured } from './errors.ts';

/** How the dashboard and the portal look: as the platform does. null: as Waybill does. */
export interface Branding {
  readonly name: string | null;
  readonly logoUrl: string | null;
  /** `#` and six hexadecimal digits. */
  readonly color: string | null;
}

/** @throws WaybillError `misconfigured` */
export function parseBranding(branding: Branding): Branding {
  const { name, logoUrl, color } = branding;
  if (name !== null && !/^\P{Cc}{1,100}$/u.test(name)) {
    throw misconfigured('WAYBILL_BRAND_NAME must be 1 to 100 characters.');
  }
  if (logoUrl !== null && !isLogoUrl(logoUrl)) {
    throw misconfigured(`WAYBILL_BRAND_LOGO_URL must be an https:// URL, not "${logoUrl}".`);
  }
  if (color !== null && !/^#[0-9a-f]{6}$/i.test(color)) {
    throw misconfigured(`WAYBILL_BRAND_COLOR must be a colour such as #1a7f37, not "${color}".`);
  }
  return branding;
}

function isLogoUrl(text: string): boolean {
  return text.length <= 2048 && URL.parse(text)?.protocol === 'https:';
}
