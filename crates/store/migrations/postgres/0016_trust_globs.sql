-- A `*` stood for any characters, and from now on not for `/`, which `**` is for: rules that are there mean what they meant.
UPDATE trust_conditions SET pattern = REPLACE(REPLACE(pattern, '**', '*'), '*', '**') WHERE pattern LIKE '%*%';
