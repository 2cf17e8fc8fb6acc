import { Select } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { get, type Listing } from '../api.ts';
import { useMe } from '../session.ts';

const SHOWN = 100;

/** Which account the screens are about. Whoever sees all accounts can also name one that isn't in the list. */
export function AccountPicker({ account }: { account: string | undefined }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [typed, setTyped] = useState('');
  const [wanted] = useDebouncedValue(typed, 200);
  const known = useAccountIds();
  const choices = [...new Set([...known, ...(account ? [account] : []), ...(wanted ? [wanted] : [])])];
  return (
    <Select
      size="sm"
      aria-label={t('nav.account')}
      placeholder={t('nav.chooseAccount')}
      data={choices}
      value={account ?? null}
      searchable
      allowDeselect={false}
      onSearchChange={setTyped}
      nothingFoundMessage={t('nav.noAccount')}
      onClick={(event) => event.stopPropagation()}
      onChange={(chosen) => {
        if (chosen) void navigate({ to: '/accounts/$account', params: { account: chosen } });
      }}
    />
  );
}

function useAccountIds(): readonly string[] {
  const { platform, accounts } = useMe();
  const { data } = useQuery({
    queryKey: ['/v1/accounts', 'ids'],
    queryFn: ({ signal }) => get<Listing<{ id: string }>>('/v1/accounts', { limit: SHOWN }, signal),
    enabled: platform !== null,
    staleTime: 30_000,
  });
  return platform === null ? accounts.map(({ id }) => id) : (data?.data.map(({ id }) => id) ?? []);
}
