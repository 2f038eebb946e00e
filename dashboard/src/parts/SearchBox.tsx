import { Input } from '@fluentui/react-components';
import { SearchRegular } from '@fluentui/react-icons';
import { useEffect, useRef } from 'react';

interface SearchBoxProps {
  readonly label: string;
  readonly placeholder: string;
  readonly value: string;
  readonly onSearch: (text: string) => void;
}

const PAUSE_MS = 200;

/** Searches as one types, a moment after the last key; `/` puts the cursor here. The URL stays the truth. */
export function SearchBox({ label, placeholder, value, onSearch }: SearchBoxProps) {
  const box = useRef<HTMLInputElement>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => {
    const input = box.current;
    if (input !== null && document.activeElement !== input) input.value = value;
  }, [value]);
  useEffect(() => () => clearTimeout(timer.current), []);
  return (
    <Input
      ref={(input: HTMLInputElement | null) => {
        box.current = input;
      }}
      type="search"
      className="search-box"
      data-search=""
      aria-label={label}
      placeholder={placeholder}
      defaultValue={value}
      contentBefore={<SearchRegular />}
      onChange={(_, data) => {
        clearTimeout(timer.current);
        timer.current = setTimeout(() => onSearch(data.value.trim()), PAUSE_MS);
      }}
    />
  );
}
