import { localStorageColorSchemeManager, MantineProvider, mergeThemeOverrides } from '@mantine/core';
import { type ReactNode, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { cspNonce } from '../nonce.ts';
import { cssVariables, theme } from '../theme.ts';
import { shadesOf } from './brand-colors.ts';
import { useBranding } from './branding.ts';

const colorSchemeManager = localStorageColorSchemeManager({ key: 'waybill-color-scheme' });

/** Gives everything the colour of the platform, and what components say of themselves the language of the reader. */
export function Themed({ children }: { children: ReactNode }) {
  const { t } = useTranslation();
  const { color } = useBranding();
  const close = t('common.close');
  const clear = t('common.clear');
  const password = t('common.togglePassword');
  const themed = useMemo(() => {
    const closing = { defaultProps: { closeButtonProps: { 'aria-label': close } } };
    const clearing = { defaultProps: { clearButtonProps: { 'aria-label': clear } } };
    return mergeThemeOverrides(theme, {
      ...(color !== null && { colors: { ink: shadesOf(color) } }),
      components: {
        PasswordInput: { defaultProps: { visibilityToggleButtonProps: { 'aria-label': password } } },
        Modal: closing,
        Drawer: closing,
        Notification: closing,
        Select: clearing,
        MultiSelect: clearing,
        TagsInput: clearing,
      },
    });
  }, [color, close, clear, password]);
  return (
    <MantineProvider
      theme={themed}
      cssVariablesResolver={cssVariables}
      defaultColorScheme="auto"
      colorSchemeManager={colorSchemeManager}
      getStyleNonce={() => cspNonce}
    >
      {children}
    </MantineProvider>
  );
}
