       01  TWO-FIRST                   PIC X(02).
       01  TWO-SECOND                  PIC X(02).
