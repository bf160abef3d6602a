SELECT a.position FROM es.settled a JOIN es.settled b ON b.position > a.position AND b.settled_at <= a.settled_at;
