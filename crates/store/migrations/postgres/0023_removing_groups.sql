-- Being removed with all that lies in it, piece by piece: it is there for nobody any more.
ALTER TABLE namespaces ADD COLUMN removing BOOLEAN NOT NULL DEFAULT FALSE;
