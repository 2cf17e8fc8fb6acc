import { useTranslation } from 'react-i18next';
import { TypedFilter } from './typed-filter.tsx';

/** What the address bar may ask for. A link can name a subject or an event; what is typed is searched for. */
export interface Searched {
  readonly search?: string;
  readonly subject?: string;
  readonly eventId?: string;
}

interface Props {
  readonly filter: Searched;
  readonly onChange: (change: Searched) => void;
}

/** The one field for a number somebody reads out: of an order, a parcel, or an event. */
export function SearchField({ filter, onChange }: Props) {
  const { t } = useTranslation();
  return (
    <TypedFilter
      label={t('common.find.label')}
      hint={t('common.find.hint')}
      value={filter.search || filter.eventId || filter.subject || ''}
      onChange={(search) => onChange({ search: search.slice(0, 200), subject: '', eventId: '' })}
      width={270}
    />
  );
}
