import { useTranslation } from 'react-i18next';
import { Empty } from '../components/states.tsx';

export function NoDeliveries({ filtered }: { filtered: boolean }) {
  const { t } = useTranslation();
  const key = filtered ? 'emptyFiltered' : 'empty';
  return <Empty title={t(`deliveries.${key}.title`)}>{t(`deliveries.${key}.text`)}</Empty>;
}
